import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startCacheServer, type CacheServer } from '../../sandbox/github/cache-service.js';
import { openCacheService, type Program } from '../../src/github/cache-service.js';
import { restoreKept, saveKept } from '../../src/github/kept-cache.js';
import { NOTHING_KEPT, type Kept } from '../../src/plan/kept.js';
import { startProxyServer } from '../proxy-server.js';
import { RUN } from '../report/example-report.js';

const folder = mkdtempSync(join(tmpdir(), 'history-cache-'));
const temp = join(folder, 'temp');
const COMPILED = join(folder, 'main.mjs');
const BUNDLED = resolve('dist/index.js');

beforeAll(() => {
  mkdirSync(temp);
  const request = pathToFileURL(resolve('build/src/github/cache-request.js')).href;
  const serve = `import { serveCacheRequest } from '${request}';\nawait serveCacheRequest(process.argv.slice(2));\n`;
  writeFileSync(COMPILED, serve);
});
afterAll(() => rmSync(folder, { recursive: true }));

let cache: CacheServer;
beforeEach(async () => {
  cache = await startCacheServer();
});
afterEach(() => cache.stop());

const program = (env: Readonly<Record<string, string>> = cache.environment, file = BUNDLED): Program => ({
  file,
  env: { ...process.env, RUNNER_TEMP: temp, ...env },
  signal: new AbortController().signal,
});
const kept: Kept = {
  durations: { 'app/x86_64 step install': [840_000], 'app/x86_64 phase image': [61_000, 59_000.5] },
  prices: [{ region: 'us-west-2', date: '2026-11-21', usdPerHour: { 'm7i.large': 0.1008 } }],
  bases: { 'us-west-2 x86_64 al2023': [{ imageId: 'ami-0123456789abcdef0', since: '2026-10-30' }] },
};
const later = { ...RUN, attempt: 2 };

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

test('what one run leaves, the next one knows; the newest counts', async () => {
  const lines = await printed(async () => {
    expect(await restoreKept(program())).toEqual(NOTHING_KEPT);
    await saveKept({ ...kept, durations: {} }, RUN, program());
    await saveKept(kept, later, program());
    expect(await restoreKept(program())).toEqual(kept);
  });
  expect(lines).toEqual([]);
  expect(cache.entries.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^ami-layers-kept-7001-1-/),
    expect.stringMatching(/^ami-layers-kept-7001-2-/),
  ]);
  expect(cache.requests).toEqual([
    'GetCacheEntryDownloadURL 200',
    ...['CreateCacheEntry 200', 'PUT blob 201', 'FinalizeCacheEntryUpload 200'],
    ...['CreateCacheEntry 200', 'PUT blob 201', 'FinalizeCacheEntryUpload 200'],
    ...['GetCacheEntryDownloadURL 200', 'GET blob 200'],
  ]);
  expect(readdirSync(temp)).toEqual([]);
});

test('what Azure’s client wrote, the bundle reads, which has none', async () => {
  await saveKept(kept, RUN, program(cache.environment, COMPILED));
  expect(await restoreKept(program())).toEqual(kept);
});

test('the bundle reads and writes entries where GitHub has them, in Azure’s storage', async () => {
  const proxy = await startProxyServer(() => cache.port);
  try {
    cache.storage = 'http://account.blob.core.windows.net';
    const service = openCacheService(program({ ...cache.environment, http_proxy: proxy.url }), 'a.txt');
    await service?.add('key-1', 'kept');
    expect(await service?.find('key-')).toBe('kept');
    expect(cache.requests.slice(-1)).toEqual(['GET blob 200']);
  } finally {
    await proxy.stop();
  }
});

test('entries of another name are not seen, nor is an entry of something else taken for one', async () => {
  await openCacheService(program(), 'ami-layers-kept-2.json')?.add('ami-layers-kept-2', '{}');
  expect(await restoreKept(program())).toEqual(NOTHING_KEPT);
  await openCacheService(program(), 'ami-layers-kept-1.json')?.add('ami-layers-kept-1', '{"durations":{"a":["long"]}}');
  const lines = await printed(async () => expect(await restoreKept(program())).toEqual(NOTHING_KEPT));
  expect(lines).toEqual([expect.stringMatching(/^::debug::Cache of earlier runs: not read \(.+expected number/)]);
});

test('what GitHub’s package warns of is one line for who debugs: a refusal, a damaged entry', async () => {
  cache.refuseWith = 401;
  const refused = await printed(async () => {
    expect(await restoreKept(program())).toEqual(NOTHING_KEPT);
    await saveKept(kept, RUN, program());
  });
  expect(refused).toEqual([
    expect.stringMatching(/^::debug::Cache of earlier runs: not read \(Failed to restore: .+401.+\)$/),
    expect.stringMatching(/^::debug::Cache of earlier runs: not saved \(Failed to save: .+\)$/),
  ]);
  cache.refuseWith = undefined;
  await saveKept(kept, RUN, program());
  cache.entries[0]!.content = Buffer.from('no archive');
  const damaged = await printed(async () => expect(await restoreKept(program())).toEqual(NOTHING_KEPT));
  expect(damaged).toEqual([expect.stringMatching(/not read \(Failed to restore: ".*tar" failed/)]);
});

test('a service that does not answer, and a cancelled run, end the request', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const env = { ...cache.environment, ACTIONS_RESULTS_URL: url };
  const waiting = program(env);
  await expect(openCacheService(waiting, 'a.txt', 50)?.find('a')).rejects.toThrow('not done within 0.05 s');
  await expect(openCacheService(waiting, 'b.txt')?.add('b', 'text')).rejects.toThrow('it has not answered before');
  const cancel = new AbortController();
  const asked = new Promise((ask) => silent.once('request', ask));
  const found = openCacheService({ ...program(env), signal: cancel.signal }, 'a.txt')?.find('a');
  await Promise.race([asked, found]);
  cancel.abort();
  await expect(found).rejects.toThrow('aborted');
  silent.closeAllConnections();
  silent.close();
  expect(readdirSync(temp)).toEqual([]);
});

test('where the runner offers no cache, nothing is asked', async () => {
  expect(openCacheService(program({}), 'a.txt')).toBeUndefined();
  const { ACTIONS_RUNTIME_TOKEN: token = '' } = cache.environment;
  const lines = await printed(() => restoreKept(program({ ACTIONS_RUNTIME_TOKEN: token })));
  expect(lines).toEqual([]);
  const readOnly = program({ ...cache.environment, ACTIONS_CACHE_MODE: 'read' });
  expect(await printed(() => saveKept(kept, RUN, readOnly))).toEqual([
    expect.stringMatching(/not saved \(Cache save skipped: .+'read'/),
  ]);
  expect(cache.requests).toEqual([]);
});
