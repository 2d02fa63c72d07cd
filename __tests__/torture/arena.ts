import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalEntry } from '../../sandbox/journal.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { timeEnvironment } from '../../sandbox/time-environment.js';
import { createRepository, type Repository } from '../repository.js';
import { readImages, type LayerImage } from './images.js';
import { endOf, startProduct, type Product } from './product.js';
import { openTally, type Tally } from './tally.js';
import { threeLayers } from './three-layers.js';

/** Sandbox seconds for each real one: what waits is short, what works is real. */
export const RATE = 8;

/** Sandbox milliseconds. */
const DELAYS = {
  instanceVisibleMs: 40,
  instanceRunningMs: 200,
  agentOnlineMs: 200,
  instanceStoppedMs: 100,
  instanceTerminatedMs: 100,
  imageVisibleMs: 40,
  imageAvailableMs: 400,
  invocationVisibleMs: 40,
};

/** A sandbox of its own and a repository with three layers, for one case after the other. */
export interface Arena {
  readonly sandbox: Sandbox;
  readonly repository: Repository;
  readonly tally: Tally;
  /** What a build leaves that nothing disturbs. */
  readonly undisturbed: Undisturbed;
  /** Starts the product in this repository, in the sandbox's time; `endpoint`: where it finds AWS. */
  readonly start: (asked?: { readonly endpoint?: string }) => Promise<Product>;
  /** AWS calls since the arena was last reset. */
  readonly calls: () => Promise<readonly JournalEntry[]>;
  /** Forgets everything: the next case begins. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Undisturbed {
  readonly images: readonly LayerImage[];
  /** How many requests of each operation. */
  readonly requests: ReadonlyMap<string, number>;
  /** In real milliseconds. */
  readonly durationMs: number;
}

export async function openArena(): Promise<Arena> {
  const directory = mkdtempSync(join(tmpdir(), 'ami-torture-'));
  const sandbox = await startSandbox({ directory, delays: DELAYS, clock: { rate: RATE } });
  const tally = await openTally();
  const repository = createRepository(threeLayers(tally));
  let journalled = 0;

  const calls = async (): Promise<readonly JournalEntry[]> => {
    const entries: JournalEntry[] = [];
    for (;;) {
      const page = await sandbox.control.journal(entries.at(-1)?.sequence ?? journalled);
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  };
  const start: Arena['start'] = async ({ endpoint = sandbox.endpoint } = {}) =>
    startProduct({
      repository,
      environment: {
        ...sandbox.environment,
        ...(await timeEnvironment(sandbox.control)),
        AWS_ENDPOINT_URL: endpoint,
      },
    });
  const reset = async (): Promise<void> => {
    await sandbox.control.clearFaults();
    await sandbox.control.reset();
    journalled = (await calls()).at(-1)?.sequence ?? journalled;
    tally.take();
  };
  const close = async (): Promise<void> => {
    await sandbox.stop();
    await tally.close();
    repository.remove();
    rmSync(directory, { recursive: true });
  };

  const startedAt = Date.now();
  const end = await endOf(await start());
  const durationMs = Date.now() - startedAt;
  if (end.status !== 0) throw new Error(`the undisturbed build failed:\n${end.output}`);
  const requests = new Map<string, number>();
  for (const { operation } of await calls()) requests.set(operation, (requests.get(operation) ?? 0) + 1);
  const undisturbed = { images: await readImages(sandbox), requests, durationMs };
  await reset();
  return { sandbox, repository, tally, undisturbed, start, calls, reset, close };
}

/** Asks again and again, in real time, until it is so or the time is up; returns whether it is so. */
export async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() >= deadline) return false;
    await delay(30);
  }
  return true;
}
