import { EBSClient, paginateListChangedBlocks } from '@aws-sdk/client-ebs';
import { DescribeSnapshotsCommand, type EbsBlockDevice, type Image } from '@aws-sdk/client-ec2';
import { baseAmiOf } from '../images/tags.js';
import type { Stored } from '../images/stored.js';
import { AT_EACH_ATTEMPT, counting, type ApiCalls, type Clients } from './clients.js';
import type { DescribeImage } from './describe-image.js';
import { asked, codeOf } from './failure.js';
import { fromTagList } from './tag-list.js';

/** The most that ListChangedBlocks answers at once (EBS direct APIs reference). */
const BLOCKS_PER_PAGE = 10_000;

interface Counting {
  readonly clients: Clients;
  readonly calls: ApiCalls;
  readonly describe: DescribeImage;
  readonly signal: AbortSignal;
}

/** One snapshot of an image, and the one that its volume was made from, if blocks can be shared with that. */
interface Pair {
  readonly snapshotId: string;
  readonly beforeId: string | undefined;
}

/**
 * Counts the blocks that are not those of the parent's snapshots. Where that is not allowed, what whole snapshots hold is
 * compared: then blocks that were written anew are missing. A snapshot of somebody else's image shares nothing.
 */
export async function storedOf(imageId: string, counted: Counting): Promise<Stored> {
  const { describe } = counted;
  const image = await describe(imageId);
  const baseAmi = baseAmiOf(fromTagList(image.Tags));
  const pairs = pairsOf(image, baseAmi === undefined ? {} : await describe(baseAmi));
  const all = await Promise.all(pairs.map((pair) => storedIn(pair, counted)));
  return { bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), isExact: all.every(({ isExact }) => isExact) };
}

async function storedIn({ snapshotId, beforeId }: Pair, counted: Counting): Promise<Stored> {
  if (beforeId === undefined) return { bytes: (await wholeBytes([snapshotId], counted))[0] ?? 0, isExact: true };
  try {
    return { bytes: await changedBytes(beforeId, snapshotId, counted), isExact: true };
  } catch (error) {
    const [whole = 0, before = 0] = await wholeBytes([snapshotId, beforeId], counted);
    // Of another lineage, so that nothing is shared (EBS direct APIs reference, ValidationExceptionReason).
    if (codeOf(error) === 'ValidationException') return { bytes: whole, isExact: true };
    return { bytes: Math.max(0, whole - before), isExact: false };
  }
}

async function changedBytes(
  FirstSnapshotId: string,
  SecondSnapshotId: string,
  { clients, calls, signal }: Counting,
): Promise<number> {
  const client = new EBSClient(clients.settingsUntil(signal));
  client.middlewareStack.add(counting(calls), AT_EACH_ATTEMPT);
  return asked('ListChangedBlocks', async () => {
    const request = { FirstSnapshotId, SecondSnapshotId };
    const paging = { client, pageSize: BLOCKS_PER_PAGE };
    let bytes = 0;
    for await (const page of paginateListChangedBlocks(paging, request, { abortSignal: signal })) {
      // One without a second token is not in the second snapshot any more.
      const present = (page.ChangedBlocks ?? []).filter(({ SecondBlockToken }) => SecondBlockToken !== undefined);
      bytes += present.length * (page.BlockSize ?? 0);
    }
    return bytes;
  });
}

/** All blocks that were ever written. Throws where EC2 does not say. */
async function wholeBytes(ids: readonly string[], { clients, signal }: Counting): Promise<readonly number[]> {
  const request = new DescribeSnapshotsCommand({ SnapshotIds: [...ids] });
  const answer = await asked('DescribeSnapshots', () => clients.ec2.send(request, { abortSignal: signal }));
  return ids.map((id) => {
    const bytes = answer.Snapshots?.find(({ SnapshotId }) => SnapshotId === id)?.FullSnapshotSizeInBytes;
    if (bytes === undefined) throw new Error(`EC2 does not say how large ${id} is`);
    return bytes;
  });
}

/** A full snapshot is made where the one before is another account's, or has another key (EBS User Guide, "How snapshots work"). */
function pairsOf(image: Image, parent: Image): readonly Pair[] {
  const before = new Map((parent.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => [DeviceName, Ebs]));
  const isOwn = parent.OwnerId !== undefined && parent.OwnerId === image.OwnerId;
  return (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => {
    if (Ebs?.SnapshotId === undefined) return [];
    const from = before.get(DeviceName);
    return [{ snapshotId: Ebs.SnapshotId, beforeId: isOwn && isAsSecret(Ebs, from) ? from?.SnapshotId : undefined }];
  });
}

function isAsSecret(one: EbsBlockDevice, other: EbsBlockDevice | undefined): boolean {
  return (one.Encrypted ?? false) === (other?.Encrypted ?? false);
}
