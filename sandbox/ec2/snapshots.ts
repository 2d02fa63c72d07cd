import type {
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { INDEX_KEYS } from '../state-index.js';
import type { SnapshotRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import { makeFilter, type FilterFields } from '../wire/filters.js';
import type { Caller, Scope } from '../wire/operation.js';
import { pageOfIds } from '../wire/paging.js';
import type { World } from '../world.js';
import { candidateIds } from './candidates.js';
import { removeUnusedLayers } from './layer-references.js';
import { describeTags } from './tag-specifications.js';

const filtersOf = (world: World): FilterFields<SnapshotRecord> => ({
  'snapshot-id': ({ id }) => [id],
  status: ({ state }) => [state],
  progress: (snapshot) => [progressOf(world, snapshot)],
  description: ({ description }) => [description],
  encrypted: ({ kmsKeyArn }) => [String(kmsKeyArn !== undefined)],
  'start-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
  'storage-tier': () => ['standard'],
  'volume-id': ({ volumeId }) => [volumeId],
  'volume-size': ({ volumeGb }) => [String(volumeGb)],
  'owner-id': ({ owner }) => [owner],
  'owner-alias': () => [],
});

const KEYS = { 'snapshot-id': (_region: string, id: string) => INDEX_KEYS.id(id) };

export function ownSnapshots(world: World, { region, account }: Scope): readonly SnapshotRecord[] {
  const ids = world.index.snapshots.idsOf(INDEX_KEYS.region(region));
  return ids.flatMap((id) => {
    const snapshot = world.state.snapshots[id];
    return snapshot?.owner === account && isKnown(world, snapshot) ? snapshot : [];
  });
}

/** The snapshot if the account may use it. @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound. */
export function requireSnapshot(world: World, scope: Scope, id: string): SnapshotRecord {
  if (!/^snap-[0-9a-f]{8,17}$/.test(id)) throw new AwsError('InvalidSnapshotID.Malformed', `Invalid id: "${id}"`);
  const snapshot = world.state.snapshots[id];
  if (snapshot?.region === scope.region && isVisible(world, scope, snapshot)) return snapshot;
  throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
}

/** For what only the owner may do. @throws AwsError UnauthorizedOperation too, for one that is merely shared. */
export function requireOwnSnapshot(world: World, scope: Scope, id: string): SnapshotRecord {
  const snapshot = requireSnapshot(world, scope, id);
  if (snapshot.owner === scope.account) return snapshot;
  throw new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
}

/** The base image's snapshot is Amazon's and not shown. */
export function describeSnapshots(
  world: World,
  request: DescribeSnapshotsRequest,
  caller: Caller,
): DescribeSnapshotsResult {
  const { SnapshotIds, Filters } = request;
  const matches = makeFilter(Filters, filtersOf(world));
  SnapshotIds?.forEach((id) => requireSnapshot(world, caller, id));
  const ids =
    SnapshotIds === undefined
      ? candidateIds({ index: world.index.snapshots, region: caller.region, filters: Filters, keys: KEYS })
      : [...new Set(SnapshotIds)].sort();
  const pick = (id: string): SnapshotRecord | undefined => {
    const snapshot = world.state.snapshots[id];
    if (snapshot === undefined || !isVisible(world, caller, snapshot) || !isAsked(request, caller, snapshot)) return;
    const seen = snapshot.owner === caller.account ? snapshot : { ...snapshot, tags: {} };
    return matches(seen) ? seen : undefined;
  };
  const page = pageOfIds(ids, request, pick);
  return {
    Snapshots: page.items.map((snapshot) => describeSnapshot(world, snapshot)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export async function deleteSnapshot(world: World, request: DeleteSnapshotRequest, caller: Caller): Promise<void> {
  const snapshot = requireOwnSnapshot(world, caller, request.SnapshotId ?? '');
  const [user] = world.index.images.idsOf(INDEX_KEYS.snapshot(snapshot.id));
  if (user !== undefined) {
    throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${user}`);
  }
  await deleteSnapshotRecord(world, snapshot);
}

/** Frees the layers too, unless an instance or another snapshot stands on them. */
export async function deleteSnapshotRecord(world: World, { id, layers }: SnapshotRecord): Promise<void> {
  delete world.state.snapshots[id];
  world.changed('snapshots', id);
  await removeUnusedLayers(world, layers);
}

/** All the blocks that a volume made from this snapshot would hold: every layer, and the operating system (`SDK`). */
export function fullBytes(world: World, snapshot: SnapshotRecord): number | undefined {
  const { baseBytes, layerSizes } = world.state;
  if (baseBytes === undefined) return undefined;
  return snapshot.layers.reduce((sum, layer) => sum + (layerSizes[layer]?.allocatedBytes ?? 0), baseBytes);
}

function isKnown(world: World, { createdAt }: SnapshotRecord): boolean {
  return createdAt <= world.now() - world.delays.imageVisibleMs;
}

function isVisible(world: World, { account }: Scope, snapshot: SnapshotRecord): boolean {
  return isKnown(world, snapshot) && (snapshot.owner === account || mayUse(snapshot, account));
}

export function mayUse({ owner, volumePermissions }: SnapshotRecord, account: string): boolean {
  return (
    owner === account ||
    volumePermissions.some((permission) => permission.kind === 'everybody' || permission.account === account)
  );
}

function isAsked(request: DescribeSnapshotsRequest, { account }: Scope, snapshot: SnapshotRecord): boolean {
  const { OwnerIds = [], RestorableByUserIds = [] } = request;
  const named = (id: string): string => (id === 'self' ? account : id);
  if (OwnerIds.length > 0 && !OwnerIds.some((id) => named(id) === snapshot.owner)) return false;
  return (
    RestorableByUserIds.length === 0 ||
    RestorableByUserIds.some((id) =>
      id === 'all' ? snapshot.volumePermissions.some(({ kind }) => kind === 'everybody') : mayUse(snapshot, named(id)),
    )
  );
}

function progressOf(world: World, { state, createdAt, completesAt = Infinity }: SnapshotRecord): string {
  if (state === 'completed') return '100%';
  const done = (world.now() - createdAt) / (completesAt - createdAt);
  return `${Math.min(99, Math.floor(100 * done))}%`;
}

function describeSnapshot(world: World, snapshot: SnapshotRecord): Snapshot {
  const full = snapshot.state === 'completed' ? fullBytes(world, snapshot) : undefined;
  const { kmsKeyArn, stateMessage } = snapshot;
  return {
    SnapshotId: snapshot.id,
    Description: snapshot.description,
    OwnerId: snapshot.owner,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.volumeGb,
    StartTime: new Date(snapshot.createdAt),
    State: snapshot.state,
    ...(stateMessage !== undefined && { StateMessage: stateMessage }),
    Progress: progressOf(world, snapshot),
    StorageTier: 'standard',
    Encrypted: kmsKeyArn !== undefined,
    ...(kmsKeyArn !== undefined && { KmsKeyId: kmsKeyArn }),
    ...(snapshot.state === 'completed' && { CompletionTime: new Date(snapshot.createdAt) }),
    ...(full !== undefined && { FullSnapshotSizeInBytes: full }),
    Tags: describeTags(snapshot.tags),
  };
}
