import type {
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotAttributeResult,
  ModifySnapshotAttributeRequest,
  ResetSnapshotAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { SnapshotRecord, VolumePermission } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { awsManagedKey } from './encryption.js';
import { applyPermissions, describePermission, readPermissions, type PermissionLists } from './permissions.js';
import { requireOwnSnapshot } from './snapshots.js';

/** `SDK ModifySnapshotAttribute` */
const MOST_CHANGES = 500;

export function describeSnapshotAttribute(
  world: World,
  request: DescribeSnapshotAttributeRequest,
  caller: Caller,
): DescribeSnapshotAttributeResult {
  const { Attribute, SnapshotId = '' } = request;
  const { volumePermissions } = requireOwnSnapshot(world, caller, SnapshotId);
  return Attribute === 'productCodes'
    ? { SnapshotId, ProductCodes: [] }
    : { SnapshotId, CreateVolumePermissions: volumePermissions.map(describePermission) };
}

export function modifySnapshotAttribute(world: World, request: ModifySnapshotAttributeRequest, caller: Caller): void {
  const snapshot = requireOwnSnapshot(world, caller, request.SnapshotId ?? '');
  const change = readPermissions({
    nested: request.CreateVolumePermission,
    operation: request.OperationType,
    userIds: request.UserIds,
    groups: request.GroupNames,
  });
  const count = change.added.length + change.removed.length;
  if (count === 0) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (count > MOST_CHANGES) {
    throw new AwsError('InvalidParameterValue', `At most ${MOST_CHANGES} modifications can be made in one call.`);
  }
  if (change.added.length > 0 && change.removed.length > 0) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Accounts cannot be both added and removed in a single operation.',
    );
  }
  refuseKey(snapshot, change, caller);
  snapshot.volumePermissions = applyPermissions(snapshot.volumePermissions, {
    added: change.added.filter(isVolumePermission),
    removed: change.removed.filter(isVolumePermission),
  });
  world.changed('snapshots', snapshot.id);
}

export function resetSnapshotAttribute(world: World, request: ResetSnapshotAttributeRequest, caller: Caller): void {
  const snapshot = requireOwnSnapshot(world, caller, request.SnapshotId ?? '');
  snapshot.volumePermissions = [];
  world.changed('snapshots', snapshot.id);
}

/** Encrypted snapshots cannot be public, and with the AWS managed key not even be shared (`SDK`). */
function refuseKey(snapshot: SnapshotRecord, { added }: PermissionLists, caller: Caller): void {
  if (snapshot.kmsKeyArn === undefined || added.length === 0) return;
  if (snapshot.kmsKeyArn === awsManagedKey(caller)) {
    throw new AwsError('OperationNotPermitted', 'Encrypted snapshots with EBS default key cannot be shared');
  }
  if (added.some(({ kind }) => kind === 'everybody')) {
    throw new AwsError('OperationNotPermitted', 'Encrypted snapshots cannot be made public');
  }
}

function isVolumePermission(permission: PermissionLists['added'][number]): permission is VolumePermission {
  return permission.kind === 'account' || permission.kind === 'everybody';
}
