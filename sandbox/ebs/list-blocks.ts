import { createHash } from 'node:crypto';
import type {
  ListChangedBlocksRequest,
  ListChangedBlocksResponse,
  ListSnapshotBlocksRequest,
  ListSnapshotBlocksResponse,
} from '@aws-sdk/client-ebs';
import { mayUse } from '../ec2/snapshots.js';
import type { SnapshotRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller, Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { allBlocks, BLOCK_BYTES, changedBlocks } from './blocks.js';

/** How long block tokens are good for (`EBS:readsnapshots`). */
const TOKEN_LIFE_MS = 7 * 86_400_000;
const USUAL_RESULTS = 10_000;

/** Blocks that differ between two snapshots of one lineage; without a first one, all that the second has. */
export async function listChangedBlocks(
  world: World,
  request: ListChangedBlocksRequest,
  caller: Caller,
): Promise<ListChangedBlocksResponse> {
  const { FirstSnapshotId, SecondSnapshotId = '' } = request;
  const second = requireSnapshot(world, caller, SecondSnapshotId);
  const first = FirstSnapshotId === undefined ? undefined : requireSnapshot(world, caller, FirstSnapshotId);
  if (first !== undefined && !isAncestor(first, second)) {
    throw validation('UNRELATED_SNAPSHOTS', 'The specified snapshots are not of the same lineage');
  }
  const inFirst = new Set(first === undefined ? [] : await allBlocks(world, first));
  const changed = first === undefined ? await allBlocks(world, second) : await changedBlocks(world, first, second);
  const { blocks, ...page } = pageOfBlocks(changed, request);
  return {
    ...about(world, second),
    ...page,
    ChangedBlocks: blocks.map((BlockIndex) => ({
      BlockIndex,
      ...(first !== undefined && inFirst.has(BlockIndex) && { FirstBlockToken: tokenOf(first, BlockIndex) }),
      SecondBlockToken: tokenOf(second, BlockIndex),
    })),
  };
}

export async function listSnapshotBlocks(
  world: World,
  request: ListSnapshotBlocksRequest,
  caller: Caller,
): Promise<ListSnapshotBlocksResponse> {
  const snapshot = requireSnapshot(world, caller, request.SnapshotId ?? '');
  const { blocks, ...page } = pageOfBlocks(await allBlocks(world, snapshot), request);
  return {
    ...about(world, snapshot),
    ...page,
    Blocks: blocks.map((BlockIndex) => ({ BlockIndex, BlockToken: tokenOf(snapshot, BlockIndex) })),
  };
}

/** Whether the second was made from a volume that was made from the first, however often in between. */
function isAncestor(first: SnapshotRecord, second: SnapshotRecord): boolean {
  const below = second.layers.slice(second.layers.length - first.layers.length);
  return first.layers.length <= second.layers.length && below.every((layer, index) => layer === first.layers[index]);
}

function requireSnapshot(world: World, { account, region }: Scope, id: string): SnapshotRecord {
  const snapshot = world.state.snapshots[id];
  if (snapshot?.region !== region || !mayUse(snapshot, account)) {
    throw new AwsError('ResourceNotFoundException', `The snapshot '${id}' does not exist.`, 404, 'SNAPSHOT_NOT_FOUND');
  }
  if (snapshot.state !== 'completed') {
    throw validation('INVALID_SNAPSHOT_ID', `The snapshot '${id}' is not in the state 'completed'.`);
  }
  return snapshot;
}

interface BlockPage {
  readonly blocks: readonly number[];
  readonly NextToken?: string;
}

interface BlockRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly StartingBlockIndex?: number | undefined;
}

/** The token is the index to go on from. */
function pageOfBlocks(all: readonly number[], request: BlockRequest): BlockPage {
  const { NextToken, MaxResults = USUAL_RESULTS, StartingBlockIndex = 0 } = request;
  const start = NextToken === undefined ? StartingBlockIndex : Number(Buffer.from(NextToken, 'base64').toString());
  if (!Number.isInteger(start)) throw validation('INVALID_PAGE_TOKEN', 'The page token is not valid.');
  const rest = all.filter((index) => index >= start);
  const next = rest[MaxResults];
  const blocks = rest.slice(0, MaxResults);
  return next === undefined ? { blocks } : { blocks, NextToken: Buffer.from(String(next)).toString('base64') };
}

function about(
  world: World,
  { volumeGb }: SnapshotRecord,
): { ExpiryTime: Date; VolumeSize: number; BlockSize: number } {
  return { ExpiryTime: new Date(world.now() + TOKEN_LIFE_MS), VolumeSize: volumeGb, BlockSize: BLOCK_BYTES };
}

function tokenOf({ id }: SnapshotRecord, index: number): string {
  return createHash('sha256').update(`${id} ${index}`).digest('base64');
}

function validation(reason: string, message: string): AwsError {
  return new AwsError('ValidationException', message, 400, reason);
}
