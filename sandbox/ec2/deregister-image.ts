import type {
  DeleteSnapshotReturnCode,
  DeregisterImageRequest,
  DeregisterImageResult,
  SnapshotReturnCodes,
} from '@aws-sdk/client-ec2';
import { INDEX_KEYS } from '../state-index.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { isProtected } from './deregistration-protection.js';
import { requireOwnImage } from './image-lookup.js';
import { deleteSnapshotRecord } from './snapshots.js';

/** A snapshot that another image uses, or that belongs to another account, stays; the answer says so for each (`SDK`). */
export async function deregisterImage(
  world: World,
  request: DeregisterImageRequest,
  caller: Caller,
): Promise<DeregisterImageResult> {
  const image = requireOwnImage(world, caller, request.ImageId ?? '');
  if (isProtected(world, image)) {
    throw new AwsError(
      'OperationNotPermitted',
      `Image ${image.id} cannot be deregistered because deregistration protection is enabled for it.`,
    );
  }
  delete world.state.images[image.id];
  world.changed('images', image.id);
  if (request.DeleteAssociatedSnapshots !== true) return { Return: true };
  const results: DeleteSnapshotReturnCode[] = [];
  for (const SnapshotId of [image.snapshotId, ...image.furtherVolumes.map(({ snapshotId }) => snapshotId)]) {
    results.push({ SnapshotId, ReturnCode: await deleteAssociated(world, caller, SnapshotId) });
  }
  return { Return: true, DeleteSnapshotResults: results };
}

async function deleteAssociated(world: World, { account }: Caller, id: string): Promise<SnapshotReturnCodes> {
  if (world.index.images.idsOf(INDEX_KEYS.snapshot(id)).length > 0) return 'skipped';
  const snapshot = world.state.snapshots[id];
  if (snapshot === undefined) return 'client-error';
  if (snapshot.owner !== account) return 'missing-permissions';
  await deleteSnapshotRecord(world, snapshot);
  return 'success';
}
