import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Delays } from '../../sandbox/delays.js';
import type { JournalEntry } from '../../sandbox/journal.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { timeEnvironment } from '../../sandbox/time-environment.js';
import { createRepository, type Files, type Repository } from '../repository.js';
import { chainOfLayers, THREE_LAYERS } from './chain-of-layers.js';
import { readImages, type LayerImage } from './images.js';
import { startProduct, type Product } from './product.js';
import { openTally, type Tally } from './tally.js';

/** A sandbox of its own, whose time goes faster, and a repository. */
export interface Stage {
  readonly sandbox: Sandbox;
  /** Sandbox seconds for each real one. */
  readonly rate: number;
  readonly repository: Repository;
  readonly tally: Tally;
  /** Starts the product in this repository, in the sandbox's time; `endpoint`: where it finds AWS. */
  readonly start: (asked?: StartOptions) => Promise<Product>;
  /** AWS calls since the last reset. */
  readonly calls: () => Promise<readonly JournalEntry[]>;
  /** Forgets everything: the next case begins. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StartOptions {
  readonly endpoint?: string;
  readonly command?: readonly string[];
  readonly program?: string;
  /** More flags than every build has. */
  readonly flags?: readonly string[];
}

/** A stage for one case after the other, all with the same layers. */
export interface Arena extends Stage {
  readonly undisturbed: Undisturbed;
}

/** What a build leaves and asks that nothing disturbs. */
export interface Undisturbed {
  readonly images: readonly LayerImage[];
  /** How many requests of each operation. */
  readonly requests: ReadonlyMap<string, number>;
}

export interface StageOptions {
  readonly rate: number;
  readonly delays: Partial<Delays>;
  readonly files: (tally: Tally) => Files;
  /** Of every build. */
  readonly flags?: readonly string[];
}

export async function openStage({ rate, delays, files, flags = [] }: StageOptions): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'ami-torture-'));
  const sandbox = await startSandbox({ directory, delays, clock: { rate } });
  const tally = await openTally();
  const repository = createRepository(files(tally));
  let journalled = 0;

  const calls = async (): Promise<readonly JournalEntry[]> => {
    const entries: JournalEntry[] = [];
    for (;;) {
      const page = await sandbox.control.journal(entries.at(-1)?.sequence ?? journalled);
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  };
  return {
    sandbox,
    rate,
    repository,
    tally,
    calls,
    start: async ({ endpoint = sandbox.endpoint, flags: more = [], ...asked } = {}) => {
      const time = await timeEnvironment(sandbox.control);
      return startProduct({
        ...asked,
        repository,
        flags: [...flags, ...more],
        environment: { ...sandbox.environment, ...time, AWS_ENDPOINT_URL: endpoint },
      });
    },
    reset: async () => {
      await sandbox.control.clearFaults();
      await sandbox.control.reset();
      journalled = (await calls()).at(-1)?.sequence ?? journalled;
      tally.clear();
    },
    close: async () => {
      await sandbox.stop();
      await tally.close();
      repository.remove();
      rmSync(directory, { recursive: true });
    },
  };
}

/** What waits is short, what works is real. */
const RATE = 8;

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

export async function openArena(
  layers: readonly string[] = THREE_LAYERS,
  flags: readonly string[] = [],
): Promise<Arena> {
  const files = (tally: Tally): Files => chainOfLayers(layers, tally);
  const stage = await openStage({ rate: RATE, delays: DELAYS, files, flags });
  const { status, output } = await (await stage.start()).ended;
  if (status !== 0) throw new Error(`the undisturbed build failed:\n${output}`);
  const requests = new Map<string, number>();
  for (const { operation } of await stage.calls()) requests.set(operation, (requests.get(operation) ?? 0) + 1);
  const images = await readImages(stage.sandbox);
  await stage.reset();
  return { ...stage, undisturbed: { images, requests } };
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
