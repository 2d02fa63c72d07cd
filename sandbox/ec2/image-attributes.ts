import type {
  DescribeImageAttributeRequest,
  ImageAttribute,
  ImageAttributeName,
  ModifyImageAttributeRequest,
  ResetImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { ImageRecord, LaunchPermission } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller, Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { describeProtection } from './deregistration-protection.js';
import { describeMapping } from './describe-images.js';
import { awsManagedKey } from './encryption.js';
import { isPublic, reportedLaunch, requireOwnImage } from './image-lookup.js';
import { publicDeprecation } from './image-state.js';
import { applyPermissions, describePermission, readPermissions } from './permissions.js';
import { settingsOf } from './region-settings.js';

/** `UG:ami-quotas` */
const MOST_SHARES = 1000;

type Describe = (world: World, image: ImageRecord) => Omit<ImageAttribute, 'ImageId'>;

const ATTRIBUTES: Readonly<Record<ImageAttributeName, Describe>> = {
  description: (_world, { description }) => ({ Description: valueOf(description) }),
  launchPermission: (_world, image) => ({ LaunchPermissions: image.launchPermissions.map(describePermission) }),
  blockDeviceMapping: (world, image) => ({ BlockDeviceMappings: [describeMapping(world, image)] }),
  imdsSupport: (_world, { imdsSupport }) => ({ ImdsSupport: valueOf(imdsSupport) }),
  lastLaunchedTime: (world, image) => ({ LastLaunchedTime: valueOf(reportedLaunch(world, image)) }),
  deregistrationProtection: (world, image) => ({ DeregistrationProtection: valueOf(describeProtection(world, image)) }),
  productCodes: () => ({ ProductCodes: [] }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
  bootMode: () => ({ BootMode: {} }),
  tpmSupport: () => ({ TpmSupport: {} }),
  uefiData: () => ({ UefiData: {} }),
};

export function describeImageAttribute(
  world: World,
  request: DescribeImageAttributeRequest,
  caller: Caller,
): ImageAttribute {
  const { Attribute, ImageId = '' } = request;
  const image = requireOwnImage(world, caller, ImageId);
  if (Attribute === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter attribute');
  return { ImageId, ...ATTRIBUTES[Attribute](world, image) };
}

/** One attribute at a time (`SDK`). */
export function modifyImageAttribute(world: World, request: ModifyImageAttributeRequest, caller: Caller): void {
  const { Description, ImdsSupport, ProductCodes, Attribute, Value } = request;
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  const permissions = readPermissions({
    nested: request.LaunchPermission,
    operation: request.OperationType,
    userIds: request.UserIds,
    groups: request.UserGroups,
    organizations: request.OrganizationArns,
    organizationalUnits: request.OrganizationalUnitArns,
  });
  const isShared = permissions.added.length + permissions.removed.length > 0;
  const description = Description?.Value ?? (Attribute === 'description' ? Value : undefined);
  const imdsSupport = ImdsSupport?.Value ?? (Attribute === 'imdsSupport' ? Value : undefined);
  const given = [isShared, description !== undefined, imdsSupport !== undefined, ProductCodes !== undefined];
  const count = given.filter(Boolean).length;
  if (count === 0) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (count > 1) throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified.');
  if (ProductCodes !== undefined) {
    throw new AwsError('UnsupportedOperation', 'Only sellers in AWS Marketplace can add product codes.');
  }
  if (description !== undefined) image.description = description;
  if (imdsSupport !== undefined) image.imdsSupport = checkImdsSupport(imdsSupport);
  if (isShared) share(world, caller, { image, ...permissions });
  world.changed('images', image.id);
}

/** Afterwards only the owner may launch the image. */
export function resetImageAttribute(world: World, request: ResetImageAttributeRequest, caller: Caller): void {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  image.launchPermissions = [];
  world.changed('images', image.id);
}

interface Share {
  readonly image: ImageRecord;
  readonly added: readonly LaunchPermission[];
  readonly removed: readonly LaunchPermission[];
}

function share(world: World, caller: Caller, { image, added, removed }: Share): void {
  if (image.state !== 'available') {
    throw new AwsError(
      'InvalidAMIID.Unavailable',
      `The image ID '${image.id}' is not in a state from which it can be shared`,
    );
  }
  const after = applyPermissions(image.launchPermissions, { added, removed });
  if (after.length > MOST_SHARES) {
    throw new AwsError('ResourceLimitExceeded', `An AMI can be shared with at most ${MOST_SHARES} entities.`);
  }
  if (added.length > 0) refuseKey(world, caller, image);
  const becomesPublic = added.some(({ kind }) => kind === 'everybody');
  if (becomesPublic) refusePublic(world, caller, image);
  const limit = becomesPublic ? publicDeprecation(image.createdAt) : Number.POSITIVE_INFINITY;
  image.launchPermissions = after;
  if (isPublic(image)) image.deprecatedAt = Math.min(image.deprecatedAt ?? limit, limit);
}

function refuseKey(world: World, scope: Scope, { snapshotId }: ImageRecord): void {
  if (world.state.snapshots[snapshotId]?.kmsKeyArn !== awsManagedKey(scope)) return;
  throw new AwsError(
    'InvalidParameter',
    "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
  );
}

function refusePublic(world: World, scope: Scope, { snapshotId }: ImageRecord): void {
  if (settingsOf(world, scope).blockPublicImages) {
    throw new AwsError(
      'OperationNotPermitted',
      'You can’t publicly share this image because block public access for AMIs is enabled for this account. ' +
        'To publicly share the image, you must call the DisableImageBlockPublicAccess API.',
    );
  }
  if (world.state.snapshots[snapshotId]?.kmsKeyArn !== undefined) {
    throw new AwsError('InvalidParameter', "AMIs with encrypted snapshots can't be made public.");
  }
}

/** There is no way back (`SDK ModifyImageAttribute`): the only value that can be given is the one that cannot be undone. */
function checkImdsSupport(value: string): 'v2.0' {
  if (value === 'v2.0') return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Invalid value '${value}' for ImdsSupport. The only valid value is v2.0.`,
  );
}

function valueOf(value: string | undefined): { Value?: string } {
  return value === undefined ? {} : { Value: value };
}
