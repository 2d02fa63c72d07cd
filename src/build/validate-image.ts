import { posix } from 'node:path';
import type { LayerNode } from '../graph/layer-graph.js';
import type { ImageRecord } from '../images/image-record.js';
import type { Stored } from '../images/stored.js';
import { storedTags, verdictTags } from '../images/tags.js';
import { mayChange } from '../images/trust.js';
import { inTime } from '../lib/in-time.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { Span } from '../diagnostics/diagnostic.js';
import { isElsewhere } from '../template/elsewhere.js';
import type { InputFile } from '../template/layer.js';
import { checksBundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { failed, type LayerFailed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { launchInstance } from './launch-instance.js';
import { lastLines } from './last-lines.js';
import { TEST_ROOT } from './on-instance/layout.js';
import { explainVerdict, filesOfCheck, readChecksEnd, type CheckFiles } from './on-instance/run-checks.js';
import { sealedStateScript } from './on-instance/sealed-state.js';
import { runBundle } from './run-bundle.js';
import type { RunnerStep } from './runner-step.js';

/** Test instances live for minutes; the timer is for one that nobody watches any more. */
const TEST_LIFETIME_MINUTES = 120;

interface NamedCheck {
  readonly name: string;
  readonly files: CheckFiles;
  readonly span: Span | undefined;
}

export interface Validation {
  readonly item: PlanItem;
  readonly image: ImageRecord;
  /** The layer and its ancestors, nearest first. */
  readonly nodes: readonly LayerNode[];
}

/**
 * Boots a fresh instance from the image, never the builder, and runs the sealed-state check, the ancestors' checks and
 * the layer's own. The verdict is written on the image before anything else happens; on one that is not this run's to
 * change nothing is written, and the verdict is for this run alone.
 */
export async function validateImage(validation: Validation, context: BuildContext): Promise<void> {
  const { item, image, nodes } = validation;
  const { imageId, snapshots, trust } = image;
  const heard = heardBy(nodes);
  const checks = [sealedState(item.node.sealAllow), ...heard.flatMap(checksOf)];
  const inputs = heard.flatMap(({ layer }) => layer.validation.inputs);
  const counted = countStored(imageId, context);
  const launch = {
    item,
    imageId,
    trust,
    role: 'test',
    phase: 'validate',
    lifetimeMinutes: TEST_LIFETIME_MINUTES,
  } as const;
  const { instanceId, expiresAt } = await launchInstance(launch, context);
  const on: OnInstance = { key: item.key, templateHash: item.templateHash, instanceId, phase: 'validate' };
  const { broken, commandId } = await firstBrokenCheck({ on, node: item.node, checks, inputs, expiresAt }, context);
  const verdict = broken === undefined ? 'validated' : 'rejected';
  const manifest = { commandId, instanceId };
  const stored = await counted;
  const tags = {
    ...verdictTags(verdict, item.validationHash, manifest),
    ...(stored === undefined ? {} : storedTags(stored)),
  };
  if (mayChange(context.run, image)) await context.cloud.tag([imageId, ...snapshots], tags);
  if (broken !== undefined) throw broken;
}

/** Less than a test instance takes to start, so that nobody waits for it. */
const COUNT_LIMIT_MS = 20_000;

/** What the image adds to its parent's: a number for the report, at most. Begun at once, as the test instance is. */
async function countStored(imageId: string, { cloud, clock, signal, bill }: BuildContext): Promise<Stored | undefined> {
  const stored = await inTime((end) => cloud.storedOf(imageId, { signal: end }), {
    limitMs: COUNT_LIMIT_MS,
    clock,
    signal,
  });
  if (stored !== undefined) bill.made(imageId, stored);
  return stored;
}

interface CheckRun {
  readonly on: OnInstance;
  readonly node: LayerNode;
  readonly checks: readonly NamedCheck[];
  readonly inputs: readonly InputFile[];
  readonly expiresAt: number;
}

interface ChecksRun {
  readonly broken: LayerFailed | undefined;
  /** Its answer has the image's manifest. */
  readonly commandId: string;
}

/** Throws when the checks could not be run: that says nothing of the image. */
async function firstBrokenCheck(
  { on, node, checks, inputs, expiresAt }: CheckRun,
  context: BuildContext,
): Promise<ChecksRun> {
  const step: RunnerStep = {
    name: `${checks.length} checks`,
    script: `exec ${TEST_ROOT}/run-checks`,
    timeoutSeconds: context.budgets.checksTimeoutMs / 1000,
    reboot: false,
    span: undefined,
  };
  const files = checks.map((check) => check.files);
  const bundle = await checksBundle({ node, step, checks: files, inputs, expiresAt }, context.workspace);
  const { log, commandId } = await runBundle({ on, bundle, steps: [step], seals: false }, context);
  const read = readChecksEnd(log);
  if (read === undefined) throw new Error(`run-checks ended without a verdict: ${lastLines(log).join(' | ')}`);
  if (read.verdict === 'ok') return { broken: undefined, commandId };
  const check = checks[read.number - 1];
  if (check === undefined) throw new Error(`there is no check ${read.number}`);
  const broken = failed({
    phase: 'validate',
    message: `check ${read.number}/${checks.length} "${check.name}": ${explainVerdict(read, check.files)}`,
    fix: 'mend the layer or the check; the image is kept, tagged rejected, and is never used as a parent.',
    step: { name: check.name, index: read.number, count: checks.length, exitCode: read.exitCode, span: check.span },
    logTail: lastLines(read.output),
  });
  return { broken, commandId };
}

/** The seal left nothing of the builder, and nobody wrote credentials after it. */
function sealedState(allow: readonly string[]): NamedCheck {
  return { name: 'sealed state', span: undefined, files: { exitCode: 0, run: sealedStateScript(allow) } };
}

/** Whose checks an image has to pass, as far up as `inherit` reaches; the furthest ancestor first. */
function heardBy(lineage: readonly LayerNode[]): readonly LayerNode[] {
  const last = lineage.findIndex(({ layer }) => !layer.validation.inherit);
  return lineage.slice(0, last === -1 ? undefined : last + 1).toReversed();
}

/** A layer's script and checks; each starts in the folder of its template. */
function checksOf({ layer }: LayerNode): readonly NamedCheck[] {
  const { script, checks } = layer.validation;
  const folder = isElsewhere(layer.templatePath) ? undefined : posix.dirname(layer.templatePath);
  return [
    ...(script === undefined
      ? []
      : [{ name: script.path, files: { run: script.script, folder, exitCode: 0 }, span: script.span }]),
    ...checks.map((check) => ({ name: check.name, files: filesOfCheck(check, folder), span: check.span })),
  ];
}
