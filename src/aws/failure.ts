import { CloudFailure } from '../build/cloud.js';

/** What AWS's error codes mean for a build, and what a user can do. Codes: EC2 Developer Guide, "Error codes". */
const FIXES: Readonly<Record<string, string>> = {
  UnauthorizedOperation: 'give the role the permission that the message names (docs/permissions.md lists all of them).',
  AccessDeniedException: 'give the role the permission that the message names (docs/permissions.md lists all of them).',
  AccessDenied: 'give the role the permission that the message names (docs/permissions.md lists all of them).',
  AuthFailure: 'check the credentials: they are wrong, or the Region is not enabled for the account.',
  ExpiredToken: 'the credentials ran out during the run; run it again: finished layers are reused.',
  ExpiredTokenException: 'the credentials ran out during the run; run it again: finished layers are reused.',
  RequestExpired: 'the credentials ran out during the run; run it again: finished layers are reused.',
  CredentialsProviderError: 'give AWS credentials: `role-to-assume`, the environment, or a profile.',
  InsufficientInstanceCapacity: 'list more `builder.instance_types` or more subnets, or run it again later.',
  InstanceLimitExceeded: 'ask AWS for a higher instance quota, or lower `max-parallel`.',
  VcpuLimitExceeded: 'ask AWS for a higher vCPU quota, or choose a smaller `builder.instance_types`.',
  Unsupported: 'choose an instance type that the subnet’s Availability Zone offers.',
  'InvalidSubnetID.NotFound': 'check `subnet-ids`: subnets belong to one Region.',
  'InvalidGroup.NotFound': 'check `security-group-ids`: they belong to the subnet’s VPC.',
  'InvalidAMIID.NotFound': 'check the image id: images belong to one Region.',
  ParameterNotFound:
    'the vendor publishes no such image in this Region: check `base` and `architectures` (the sandbox has this machine’s own architecture only).',
  MissingInput: 'name a default VPC or give `subnet-ids`.',
  VPCIdNotSpecified: 'the account has no default VPC: give `subnet-ids`.',
  RequestLimitExceeded: 'AWS throttles the account; run it again, or lower `max-parallel`.',
  ThrottlingException: 'AWS throttles the account; run it again, or lower `max-parallel`.',
};

const CAPACITY = new Set([
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientFreeAddressesInSubnet',
  'Unsupported',
  'SpotMaxPriceTooLow',
]);

/** Runs AWS requests and turns what AWS or the network throws into a `CloudFailure` with words for the user. */
export async function asked<T>(operation: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw isFromOutside(error) ? toFailure(operation, error) : error;
  }
}

/** Whether another instance type or subnet may have room. */
export function isCapacityCode(code: string): boolean {
  return CAPACITY.has(code);
}

/** AWS's error code, or undefined when the error did not come from AWS. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof CloudFailure ? error.code : undefined;
}

/** Errors of the SDK's services carry `$metadata`, those of sockets a `code`; anything else is a bug of ours. */
function isFromOutside(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !(error instanceof CloudFailure) &&
    ('$metadata' in error ||
      'code' in error ||
      error.name === 'CredentialsProviderError' ||
      error.name === 'TimeoutError')
  );
}

function toFailure(operation: string, error: Error): CloudFailure {
  const code = error.name === 'Error' && 'code' in error ? String(error.code) : error.name;
  return new CloudFailure({
    operation,
    code,
    message: error.message,
    fix: FIXES[code] ?? 'see the message from AWS; run it again when it is solved: finished layers are reused.',
    isCapacity: isCapacityCode(code),
    cause: error,
  });
}
