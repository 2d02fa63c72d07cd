import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreCache, saveCache } from '@actions/cache';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startCacheServer, type CacheServer } from '../../sandbox/github/cache-service.js';
import { openCacheService } from '../../src/github/cache-service.js';
import { restoreHistory, saveHistory } from '../../src/github/history-cache.js';
import { NO_HISTORY, type History } from '../../src/plan/history.js';
import { RUN } from '../report/example-report.js';

let cache: CacheServer;
beforeEach(async () => {
  cache = await startCacheServer();
});
afterEach(() => cache.stop());

const history: History = { 'app/x86_64 step install': [840_000], 'app/x86_64 phase image': [61_000, 59_000.5] };
const save = (what: History, attempt = 1) => saveHistory(what, { ...RUN, attempt }, cache.environment);

/** What is printed meanwhile, as lines. */
async function printed(work: () => Promise<unknown>): Promise<readonly string[]> {
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return text.split('\n').slice(0, -1);
}

test('what one run measured, the next one knows; the newest counts', async () => {
  expect(await restoreHistory(cache.environment)).toEqual(NO_HISTORY);
  await save({ 'app/x86_64 phase image': [1] });
  await save(history, 2);
  expect(await restoreHistory(cache.environment)).toEqual(history);
  expect(cache.entries.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^ami-layers-history-7001-1-/),
    expect.stringMatching(/^ami-layers-history-7001-2-/),
  ]);
  expect(cache.requests).toEqual([
    'GetCacheEntryDownloadURL 200',
    ...['CreateCacheEntry 200', 'PUT blob 201', 'FinalizeCacheEntryUpload 200'],
    ...['CreateCacheEntry 200', 'PUT blob 201', 'FinalizeCacheEntryUpload 200'],
    ...['GetCacheEntryDownloadURL 200', 'GET blob 200'],
  ]);
});

test('the service in the sandbox is one that GitHub’s own package can use, and neither sees the other’s entries', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  const file = join(folder, 'file.txt');
  writeFileSync(file, 'kept');
  Object.assign(process.env, cache.environment, { RUNNER_TEMP: folder, GITHUB_WORKSPACE: folder });
  await printed(async () => {
    await save(history);
    await saveCache([file], 'ami-layers-history-of-another-tool');
    rmSync(file);
    expect(await restoreCache([file], 'ami-layers-history-', ['ami-layers-history-'])).toBe(
      'ami-layers-history-of-another-tool',
    );
  });
  expect(readFileSync(file, 'utf8')).toBe('kept');
  expect(await restoreHistory(cache.environment)).toEqual(history);
  for (const name of Object.keys(cache.environment)) delete process.env[name];
  rmSync(folder, { recursive: true });
});

test.each(['not JSON', '[]', '{"app/x86_64 step x":["long"]}', '{"app/x86_64 step x":[-1]}'])(
  'a cache that holds %s is as good as none, and says so to who debugs',
  async (text) => {
    // Into the entry that is found, whatever its version is.
    await save(history);
    cache.entries[0]!.content = Buffer.from(text);
    const lines = await printed(async () => expect(await restoreHistory(cache.environment)).toEqual(NO_HISTORY));
    expect(lines).toEqual([expect.stringMatching(/^::debug::History of durations: not read \(.+\)$/)]);
  },
);

test.each([401, 500])(
  'a cache that answers %i, to reading or to writing, is one line for who debugs',
  async (status) => {
    cache.refuseWith = status;
    const lines = await printed(async () => {
      expect(await restoreHistory(cache.environment)).toEqual(NO_HISTORY);
      await save(history);
    });
    expect(lines).toEqual([
      expect.stringMatching(/^::debug::History of durations: not read \(.+\)$/),
      expect.stringMatching(/^::debug::History of durations: not saved \(.+\)$/),
    ]);
    expect(cache.requests).toHaveLength(2);
  },
);

test('a cache that nobody answers for is one line too; where the runner offers none, nothing is asked', async () => {
  await cache.stop();
  expect(await printed(() => restoreHistory(cache.environment))).toHaveLength(1);
  expect(openCacheService({}, 'v')).toBeUndefined();
  expect(openCacheService({ ...cache.environment, ACTIONS_CACHE_MODE: 'none' }, 'v')).toBeUndefined();
  expect(await printed(() => restoreHistory({}))).toEqual([]);
  cache = await startCacheServer();
});
