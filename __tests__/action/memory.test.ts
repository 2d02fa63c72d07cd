import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inputVariables, readActionFile } from '../../sandbox/github/action-file.js';
import { startCacheServer, type CacheServer } from '../../sandbox/github/cache-service.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { restoreKept } from '../../src/github/kept-cache.js';
import { createRepository, type Repository } from '../repository.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'build/src/main.js');
const DELAYS = { instanceRunningMs: 60, agentOnlineMs: 60, instanceStoppedMs: 20, imageAvailableMs: 120 };

const directory = mkdtempSync(join(tmpdir(), 'ami-layers-memory-'));
let sandbox: Sandbox;
let cache: CacheServer;
let repository: Repository;

beforeAll(async () => {
  sandbox = await startSandbox({ directory: join(directory, 'sandbox'), delays: DELAYS });
  cache = await startCacheServer();
  repository = createRepository({ 'templates/one.yaml': 'provision: [{name: greet, run: echo hello}]\n' });
});

afterAll(async () => {
  repository.remove();
  await cache.stop();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** The action's main step, as compiled, for somebody's `workflow_dispatch`; returns its outputs and its log. */
async function runMain(): Promise<{ readonly outputs: string; readonly log: string }> {
  const [event, output] = [join(directory, 'event.json'), join(directory, 'output')];
  writeFileSync(event, '{}');
  writeFileSync(output, '');
  const set = {
    'aws-region': 'us-west-2',
    'instance-profile': 'builder',
    summary: 'false',
    'poll-interval-seconds': '0.05',
  };
  const env = {
    ...process.env,
    ...inputVariables(readActionFile(ROOT), set, 'no-token'),
    ...sandbox.environment,
    ...cache.environment,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: event,
    GITHUB_OUTPUT: output,
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_WORKSPACE: repository.root,
  };
  const log = await new Promise<string>((resolve) => {
    execFile(process.execPath, [MAIN], { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  const outputs = readFileSync(output, 'utf8').replace(/ghadelimiter_[\w-]+/g, '…');
  return { outputs: outputs.replace(/ami-[0-9a-f]{17}/g, 'ami-…'), log };
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

test('what was measured is kept for later runs; without the cache, plan and outcome are the same', async () => {
  cache.refuseWith = 401;
  const without = await runMain();
  expect(without.outputs).toContain('["one"]');
  expect(without.log).toContain('::debug::Cache of earlier runs: not saved');

  cache.refuseWith = undefined;
  await sandbox.control.reset();
  const begunOn = dayOf(Date.now());
  const fresh = await runMain();
  expect(fresh.outputs).toBe(without.outputs);
  const [entry, ...others] = cache.entries;
  expect(others).toEqual([]);
  expect(entry?.key).toMatch(/^ami-layers-kept-/);
  const env = { ...process.env, ...cache.environment };
  const kept = await restoreKept({ file: MAIN, env, signal: new AbortController().signal });
  // The day may have ended meanwhile.
  const today = expect.stringMatching(new RegExp(`^(${begunOn}|${dayOf(Date.now())})$`));
  expect(kept.prices).toMatchObject([{ region: 'us-west-2', date: today, usdPerHour: { 'm7i.large': 0.1 } }]);
  expect(Object.values(kept.bases)).toEqual([[{ imageId: expect.stringMatching(/^ami-/), since: today }]]);
  expect(Object.keys(kept.durations).sort()).toEqual([
    ...['agent', 'deliver', 'image', 'launch', 'seal', 'steps', 'stop', 'validate'].map(
      (phase) => `one/x86_64 phase ${phase}`,
    ),
    'one/x86_64 step 1 checks',
    'one/x86_64 step greet',
  ]);

  const asked = cache.requests.length;
  const again = await runMain();
  expect(again.outputs).toContain('reused');
  expect(cache.requests).toHaveLength(asked);
});
