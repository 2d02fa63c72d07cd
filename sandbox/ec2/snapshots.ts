import type {
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { ACCOUNT_ID } from '../account.js';
import type { SnapshotRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { removeUnusedLayers } from './layer-references.js';
import { describeTags } from './tag-specifications.js';

const FILTERS: FilterFields<SnapshotRecord> = {
  'snapshot-id': ({ id }) => [id],
  status: ({ state }) => [state],
  description: ({ description }) => [description],
  'volume-id': ({ volumeId }) => [volumeId],
  'volume-size': ({ volumeGb }) => [String(volumeGb)],
  'owner-id': () => [ACCOUNT_ID],
};

export function visibleSnapshots(world: World, region: string): readonly SnapshotRecord[] {
  const visibleFrom = world.now() - world.delays.imageVisibleMs;
  return Object.values(world.state.snapshots).filter(
    (snapshot) => snapshot.region === region && snapshot.createdAt <= visibleFrom,
  );
}

/** @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound. */
export function requireSnapshot(world: World, region: string, id: string): SnapshotRecord {
  if (!/^snap-[0-9a-f]{8,17}$/.test(id)) throw new AwsError('InvalidSnapshotID.Malformed', `Invalid id: "${id}"`);
  const snapshot = visibleSnapshots(world, region).find((visible) => visible.id === id);
  if (snapshot === undefined) throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
  return snapshot;
}

/** The account's own; the base image's snapshot is Amazon's and not shown. */
export function describeSnapshots(
  world: World,
  request: DescribeSnapshotsRequest,
  { region }: Caller,
): DescribeSnapshotsResult {
  const { SnapshotIds, OwnerIds, Filters } = request;
  const matches = makeFilter(Filters, FILTERS);
  const named =
    SnapshotIds === undefined
      ? visibleSnapshots(world, region)
      : SnapshotIds.map((id) => requireSnapshot(world, region, id));
  const isAsked = OwnerIds === undefined || OwnerIds.includes('self') || OwnerIds.includes(ACCOUNT_ID);
  const page = pageOf(isAsked ? named.filter(matches) : [], request, ({ id }) => id);
  return {
    Snapshots: page.items.map((snapshot) => describeSnapshot(world, snapshot)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export async function deleteSnapshot(world: World, request: DeleteSnapshotRequest, { region }: Caller): Promise<void> {
  const snapshot = requireSnapshot(world, region, request.SnapshotId ?? '');
  const user = Object.values(world.state.images).find(({ snapshotId }) => snapshotId === snapshot.id);
  if (user !== undefined) {
    throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${user.id}`);
  }
  await deleteSnapshotRecord(world, snapshot.id);
}

/** Frees the layer too, unless an instance or a child's snapshot stands on it. */
export async function deleteSnapshotRecord(world: World, id: string): Promise<void> {
  delete world.state.snapshots[id];
  world.changed();
  await removeUnusedLayers(world);
}

/** All the blocks that a volume made from this snapshot would hold: every layer, and the operating system (`SDK`). */
export function fullBytes(world: World, snapshot: SnapshotRecord): number | undefined {
  const { baseBytes, layerSizes } = world.state;
  if (baseBytes === undefined) return undefined;
  return snapshot.layers.reduce((sum, layer) => sum + (layerSizes[layer]?.allocatedBytes ?? 0), baseBytes);
}

function describeSnapshot(world: World, snapshot: SnapshotRecord): Snapshot {
  const full = snapshot.state === 'completed' ? fullBytes(world, snapshot) : undefined;
  return {
    SnapshotId: snapshot.id,
    Description: snapshot.description,
    OwnerId: ACCOUNT_ID,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.volumeGb,
    StartTime: new Date(snapshot.createdAt),
    State: snapshot.state,
    Progress: snapshot.state === 'completed' ? '100%' : '0%',
    StorageTier: 'standard',
    Encrypted: false,
    ...(snapshot.state === 'completed' && { CompletionTime: new Date(snapshot.createdAt) }),
    ...(full !== undefined && { FullSnapshotSizeInBytes: full }),
    Tags: describeTags(snapshot.tags),
  };
}
