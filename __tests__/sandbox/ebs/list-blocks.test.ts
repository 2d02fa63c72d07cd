import { EBSClient, ListChangedBlocksCommand, ListSnapshotBlocksCommand } from '@aws-sdk/client-ebs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { credentialsOf } from '../support/credentials-of.js';
import { REGION } from '../support/session.js';
import { buildImage, type StoredImage } from '../support/stored-image.js';

const BLOCK_BYTES = 524_288;

let directory: string;
let sandbox: Sandbox;
let ebs: EBSClient;
let parent: StoredImage;
let child: StoredImage;
let sibling: StoredImage;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ebs-blocks-'));
  sandbox = await startSandbox({ directory });
  const credentials = credentialsOf(sandbox);
  ebs = new EBSClient({ endpoint: sandbox.endpoint, region: REGION, credentials, maxAttempts: 1 });
  const big = (megabytes: number): string => `head -c ${megabytes}M /dev/urandom >/var/big`;
  parent = await buildImage(sandbox, { name: 'parent', commands: [big(3)] });
  child = await buildImage(sandbox, { name: 'child', from: parent.imageId, commands: [big(4)] });
  sibling = await buildImage(sandbox, { name: 'sibling', commands: ['true'] });
  // The operating system's blocks are known once it was measured.
  await sandbox.control.storage();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

interface BlockPage {
  readonly indexes: readonly number[];
  readonly NextToken: string | undefined;
}

/** Every page that the call has. */
async function pagesOf(call: (NextToken: string | undefined) => Promise<BlockPage>): Promise<(readonly number[])[]> {
  const pages: (readonly number[])[] = [];
  let page: BlockPage | undefined;
  do {
    page = await call(page?.NextToken);
    pages.push(page.indexes);
  } while (page.NextToken !== undefined);
  return pages;
}

const all = async (SnapshotId: string): Promise<readonly number[]> => {
  const pages = await pagesOf(async (NextToken) => {
    const answer = await ebs.send(new ListSnapshotBlocksCommand({ SnapshotId, NextToken }));
    return { indexes: (answer.Blocks ?? []).map(({ BlockIndex = -1 }) => BlockIndex), NextToken: answer.NextToken };
  });
  return pages.flat();
};

const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: unknown) => error,
  );

test('The changed blocks of a child are those that its own files fill, at 512 KiB each.', async () => {
  const request = { FirstSnapshotId: parent.snapshotId, SecondSnapshotId: child.snapshotId };
  const answer = await ebs.send(new ListChangedBlocksCommand(request));
  const { ChangedBlocks = [] } = answer;
  expect([answer.BlockSize, answer.VolumeSize]).toEqual([BLOCK_BYTES, 8]);
  const storage = await sandbox.control.storage();
  const delta = storage.find(({ name }) => name === 'child')?.deltaBytes ?? 0;
  expect(delta).toBeGreaterThan(4_000_000);
  expect(ChangedBlocks.length * BLOCK_BYTES).toBeGreaterThanOrEqual(delta);
  // Beyond the delta only what rounding adds, at most a block for each directory.
  expect(ChangedBlocks.length * BLOCK_BYTES).toBeLessThan(delta + 60 * BLOCK_BYTES);
  const indexes = ChangedBlocks.map(({ BlockIndex = -1 }) => BlockIndex);
  expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
  const [inParent, inChild] = [await all(parent.snapshotId), await all(child.snapshotId)];
  expect(indexes.filter((index) => !inChild.includes(index))).toEqual([]);
  const withFirst = ChangedBlocks.filter(({ FirstBlockToken }) => FirstBlockToken !== undefined);
  expect(withFirst.map(({ BlockIndex }) => BlockIndex)).toEqual(indexes.filter((index) => inParent.includes(index)));
  // The same file was written again, longer: it starts at the blocks that it had.
  expect(withFirst.length).toBeGreaterThanOrEqual(6);
});

test('Without a first snapshot every block of the second is listed, in pages of 100 to 10,000.', async () => {
  const request = { SecondSnapshotId: child.snapshotId, MaxResults: 1000 };
  const pages = await pagesOf(async (NextToken) => {
    const { ChangedBlocks = [], ...answer } = await ebs.send(new ListChangedBlocksCommand({ ...request, NextToken }));
    return { indexes: ChangedBlocks.map(({ BlockIndex = -1 }) => BlockIndex), NextToken: answer.NextToken };
  });
  expect(pages.slice(0, -1).every(({ length }) => length === 1000)).toBe(true);
  expect(pages.flat()).toEqual(await all(child.snapshotId));
  await expect(ebs.send(new ListChangedBlocksCommand({ ...request, MaxResults: 99 }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('Snapshots that are not parent and child are UNRELATED_SNAPSHOTS, unknown ones SNAPSHOT_NOT_FOUND.', async () => {
  const changed = (first: string, second: string): Promise<unknown> =>
    refusal(ebs.send(new ListChangedBlocksCommand({ FirstSnapshotId: first, SecondSnapshotId: second })));
  expect([
    await changed(parent.snapshotId, sibling.snapshotId),
    await changed(child.snapshotId, parent.snapshotId),
    await changed(parent.snapshotId, 'snap-0123456789abcdef0'),
  ]).toMatchObject([
    { name: 'ValidationException', Reason: 'UNRELATED_SNAPSHOTS' },
    { name: 'ValidationException', Reason: 'UNRELATED_SNAPSHOTS' },
    { name: 'ResourceNotFoundException', Reason: 'SNAPSHOT_NOT_FOUND' },
  ]);
});
