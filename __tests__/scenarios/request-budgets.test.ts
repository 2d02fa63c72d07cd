import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../sandbox/journal.js';
import { changes, count } from './journal.js';
import { leaveImage } from '../leave-image.js';
import { outcomes } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

/** A tree of that many layers, four children to each. */
function treeOf(size: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: size }, (_, at) => [
      `templates/layer-${at}.yaml`,
      `${at === 0 ? 'base: al2023' : `extends: layer-${Math.floor((at - 1) / 4)}`}\nprovision: [{run: echo ${at}}]\n`,
    ]),
  );
}

test('an unchanged tree of 1,000 layers costs eight requests, promotion and all, and changes nothing', async () => {
  const project = rig.project(treeOf(1000));
  const { report: planned } = await project.plan();
  const run = { ...planned.run, id: 'earlier' };
  const left = planned.plan.items.values();
  const leaveAll = async (): Promise<void> => {
    for (const item of left) await leaveImage(item, { run, latest: true }, rig.ec2);
  };
  await Promise.all(Array.from({ length: 16 }, leaveAll));
  const { report, calls } = await project.build({ promote: true });
  expect(new Set(Object.values(outcomes(report)))).toEqual(new Set(['reused']));
  expect(report.results.size).toBe(1000);
  expect(count(calls)).toEqual({ DescribeImages: 7, DescribeInstances: 1 });
});

const INTERVAL_MS = 400;
const LAYERS = 12;

/** Those that look at what is in flight. */
const POLLS = ['DescribeInstances', 'DescribeImages', 'DescribeInstanceInformation', 'ListCommandInvocations'];

function commentOf({ parameters }: JournalEntry): string | undefined {
  return (parameters as { readonly Comment?: string }).Comment;
}

test(`${LAYERS} layers that are built side by side are looked at together, and change as little as one would`, async () => {
  const project = rig.project(
    Object.fromEntries(
      Array.from({ length: LAYERS }, (_, at) => [`templates/layer-${at}.yaml`, `provision: [{run: echo ${at}}]\n`]),
    ),
  );
  const { report, calls } = await project.build({ maxParallel: LAYERS, pollIntervalMs: INTERVAL_MS });
  expect(new Set(Object.values(outcomes(report)))).toEqual(new Set(['built']));

  const ticks = Math.floor((report.finishedAt - report.startedAt) / INTERVAL_MS) + 1;
  const seen = count(calls);
  const progress = calls.filter((call) => commentOf(call) === 'ami-layers: progress').length;
  // Besides the ticks: the plan's look at the images, and each layer's own look before it begins.
  const looks: Readonly<Record<string, number>> = { DescribeInstances: LAYERS + 1, DescribeImages: LAYERS + 1 };
  const polls = POLLS.map((operation) => (seen[operation] ?? 0) - (looks[operation] ?? 0));
  for (const ofKind of [...polls, progress]) expect(ofKind).toBeLessThanOrEqual(ticks);
  expect(polls.reduce((sum, ofKind) => sum + ofKind, progress)).toBeLessThanOrEqual(4 * ticks);

  const delivered = calls.filter((call) => commentOf(call) === 'ami-layers: deliver').length;
  const changed = Object.values(changes(calls)).reduce((sum, number) => sum + number, 0) + delivered;
  expect(changed).toBeLessThanOrEqual(8 * LAYERS);
});
