import type { Treatment } from '../build/cloud.js';

export interface Treated {
  readonly treatment: Treatment;
  /** What a user can do when the treatment was not enough. */
  readonly fix: string;
}

const PERMISSION = 'give the role the permission that the message names (docs/permissions.md lists all of them).';
const EXPIRED = 'the credentials ran out during the run; run it again: finished layers are reused.';
const CREDENTIALS = 'check the credentials: they are wrong, or the Region is not enabled for the account.';
const THROTTLED = 'AWS throttles the account; run it again, or lower `max-parallel`.';
const NO_ROOM = 'list more `builder.instance_types` or more subnets, or run it again later.';
const QUOTA = 'ask AWS for a higher vCPU quota, or choose a smaller `builder.instance_types`.';
const SPOT = 'build on demand (`spot: false`), or list more `builder.instance_types`.';
const YOUNG = 'AWS did not get to know it in time; run it again.';
const NETWORK = 'check the way to AWS: network, proxy, endpoints; run it again.';
const AWS_TROUBLE = 'AWS has trouble of its own; run it again: finished layers are reused.';

/**
 * What is done about each of AWS's errors, in requests, launches and waits alike, and in docs/aws-errors.md. Codes: EC2
 * Developer Guide, "Error codes"; SSM and STS API references, "Common errors".
 */
export const TREATMENTS: Readonly<Record<string, Treated>> = {
  RequestLimitExceeded: { treatment: 'again', fix: THROTTLED },
  Throttling: { treatment: 'again', fix: THROTTLED },
  ThrottlingException: { treatment: 'again', fix: THROTTLED },
  ThrottledException: { treatment: 'again', fix: THROTTLED },
  TooManyRequestsException: { treatment: 'again', fix: THROTTLED },
  EC2ThrottledException: { treatment: 'again', fix: THROTTLED },
  SnapshotCreationPerVolumeRateExceeded: { treatment: 'again', fix: YOUNG },

  InternalError: { treatment: 'unsure', fix: AWS_TROUBLE },
  InternalFailure: { treatment: 'unsure', fix: AWS_TROUBLE },
  InternalServerError: { treatment: 'unsure', fix: AWS_TROUBLE },
  ServiceUnavailable: { treatment: 'unsure', fix: AWS_TROUBLE },
  Unavailable: { treatment: 'unsure', fix: AWS_TROUBLE },
  TimeoutError: { treatment: 'unsure', fix: NETWORK },
  ECONNRESET: { treatment: 'unsure', fix: NETWORK },
  ECONNREFUSED: { treatment: 'unsure', fix: NETWORK },
  EAI_AGAIN: { treatment: 'unsure', fix: NETWORK },
  ENOTFOUND: {
    treatment: 'unsure',
    fix: 'check the name of the Region, and the way to AWS: network, proxy, endpoints; run it again.',
  },

  InsufficientInstanceCapacity: { treatment: 'next-place', fix: NO_ROOM },
  InsufficientHostCapacity: { treatment: 'next-place', fix: NO_ROOM },
  InsufficientFreeAddressesInSubnet: { treatment: 'next-place', fix: NO_ROOM },
  InsufficientAddressCapacity: { treatment: 'next-place', fix: NO_ROOM },
  Unsupported: { treatment: 'next-place', fix: 'choose an instance type that the subnet’s Availability Zone offers.' },
  VcpuLimitExceeded: { treatment: 'next-place', fix: QUOTA },
  InstanceLimitExceeded: {
    treatment: 'next-place',
    fix: 'ask AWS for a higher instance quota, or lower `max-parallel`.',
  },

  SpotMaxPriceTooLow: { treatment: 'on-demand', fix: SPOT },
  MaxSpotInstanceCountExceeded: { treatment: 'on-demand', fix: SPOT },
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted': {
    treatment: 'on-demand',
    fix: 'create the service-linked role once: `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`.',
  },

  'InvalidInstanceID.NotFound': { treatment: 'wait', fix: YOUNG },
  'InvalidAMIID.Unavailable': { treatment: 'wait', fix: YOUNG },
  InvocationDoesNotExist: { treatment: 'wait', fix: YOUNG },
  InvalidInstanceId: { treatment: 'wait', fix: 'the agent is not registered with Systems Manager; run it again.' },

  UnauthorizedOperation: { treatment: 'give-up', fix: PERMISSION },
  AccessDeniedException: { treatment: 'give-up', fix: PERMISSION },
  AccessDenied: { treatment: 'give-up', fix: PERMISSION },
  AuthFailure: { treatment: 'give-up', fix: CREDENTIALS },
  InvalidClientTokenId: { treatment: 'give-up', fix: CREDENTIALS },
  UnrecognizedClientException: { treatment: 'give-up', fix: CREDENTIALS },
  SignatureDoesNotMatch: { treatment: 'give-up', fix: CREDENTIALS },
  OptInRequired: { treatment: 'give-up', fix: CREDENTIALS },
  ExpiredToken: { treatment: 'give-up', fix: EXPIRED },
  ExpiredTokenException: { treatment: 'give-up', fix: EXPIRED },
  RequestExpired: { treatment: 'give-up', fix: EXPIRED },
  CredentialsProviderError: {
    treatment: 'give-up',
    fix: 'give AWS credentials: in a workflow `role-to-assume`, in a terminal a profile (AWS_PROFILE) or the environment.',
  },
  InvalidBlockDeviceMapping: {
    treatment: 'give-up',
    fix: 'a volume cannot be smaller than the image it is made from: remove `builder.volume_gb`, or make it as large as the message says.',
  },
  'InvalidSubnetID.NotFound': { treatment: 'give-up', fix: 'check `subnet-ids`: subnets belong to one Region.' },
  'InvalidGroup.NotFound': {
    treatment: 'give-up',
    fix: 'check `security-group-ids`: they belong to the subnet’s VPC.',
  },
  'InvalidAMIID.NotFound': { treatment: 'give-up', fix: 'check the image id: images belong to one Region.' },
  ParameterNotFound: {
    treatment: 'give-up',
    fix: 'the vendor publishes no such image in this Region: check `base` and `architectures` (the sandbox has this machine’s own architecture only).',
  },
  MissingInput: { treatment: 'give-up', fix: 'name a default VPC or give `subnet-ids`.' },
  VPCIdNotSpecified: { treatment: 'give-up', fix: 'the account has no default VPC: give `subnet-ids`.' },
};

/** What each treatment means, for docs/aws-errors.md. */
export const TREATMENT_WORDS = {
  again:
    'sent again, up to eight times, after pauses that double from half a second to twenty seconds, less a random part',
  unsure:
    'sent again, up to four times: everything that is asked of AWS may be asked twice (a client token, a name, a script that does nothing the second time)',
  wait: 'not an error yet: the next look at it decides, until the wait itself runs out of time',
  'next-place': 'the next instance type or subnet is tried',
  'on-demand': 'the instance is launched on demand instead of on Spot',
  'give-up': 'the layer fails at once, and says so',
} as const satisfies Record<Treatment, string>;

const UNLISTED: Treated = {
  treatment: 'unsure',
  fix: 'see the message from AWS; run it again when it is solved: finished layers are reused.',
};

export function treatmentOf(code: string): Treated {
  return TREATMENTS[code] ?? UNLISTED;
}
