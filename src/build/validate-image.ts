import type { LayerNode } from '../graph/layer-graph.js';
import { verdictTags } from '../images/tags.js';
import type { PlanItem } from '../plan/build-plan.js';
import type { Span } from '../diagnostics/diagnostic.js';
import { checksBundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { deliver } from './deliver.js';
import { failed, type LayerFailed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { launchInstance } from './launch-instance.js';
import { BUNDLE_ROOT, orFail } from './on-instance/layout.js';
import { explainVerdict, filesOfCheck, readChecksEnd, type CheckFiles } from './on-instance/run-checks.js';
import { lastLines, runCommand } from './run-command.js';

/** Test instances live for minutes; the timer is for one that nobody watches any more. */
const TEST_LIFETIME_MINUTES = 120;

interface NamedCheck {
  readonly name: string;
  readonly files: CheckFiles;
  readonly span: Span | undefined;
}

export interface Validation {
  readonly item: PlanItem;
  readonly imageId: string;
  readonly snapshots: readonly string[];
  /** The layer and its ancestors, nearest first. */
  readonly lineage: readonly LayerNode[];
}

/**
 * Boots a fresh instance from the image, never the builder, and runs the sealed-state check, the ancestors' checks and
 * the layer's own. The verdict is written on the image before anything else happens.
 */
export async function validateImage(validation: Validation, context: BuildContext): Promise<void> {
  const { item, imageId, snapshots, lineage } = validation;
  const { cloud, emit } = context;
  const checks = checksOf(lineage);
  const launch = { item, imageId, role: 'test', phase: 'validate', lifetimeMinutes: TEST_LIFETIME_MINUTES } as const;
  const { instanceId } = await launchInstance(launch, context);
  const on: OnInstance = { key: item.key, instanceId, phase: 'validate' };
  await deliver(
    on,
    await checksBundle(
      item.node,
      checks.map((check) => check.files),
    ),
    context,
  );
  emit({ kind: 'phase', key: item.key, phase: 'validate', detail: `${checks.length} checks on ${instanceId}` });
  const broken = await firstBrokenCheck(on, checks, context);
  const verdict = broken === undefined ? 'validated' : 'rejected';
  await cloud.tag([imageId, ...snapshots], verdictTags(verdict, item.validationHash));
  if (broken !== undefined) throw broken;
}

/** Throws when the checks could not be run: that says nothing of the image. */
async function firstBrokenCheck(
  on: OnInstance,
  checks: readonly NamedCheck[],
  context: BuildContext,
): Promise<LayerFailed | undefined> {
  const script = orFail(`${BUNDLE_ROOT}/run-checks`);
  const timeoutSeconds = context.budgets.checksTimeoutMs / 1000;
  const end = await runCommand(on, { comment: 'ami-layers: validate', script, timeoutSeconds }, context);
  const read = readChecksEnd(end.output);
  if (read === undefined) {
    throw failed({
      phase: 'validate',
      message: `the checks did not come to an end (${end.detail})`,
      fix: 'see the last lines of their output; checks may take an hour in all.',
      logTail: lastLines(`${end.output}\n${end.errorOutput}`),
    });
  }
  if (read.verdict === 'ok') return undefined;
  const check = checks[read.number - 1];
  if (check === undefined) throw new Error(`there is no check ${read.number}`);
  context.emit({ kind: 'output', key: on.key, text: read.output });
  return failed({
    phase: 'validate',
    message: `check ${read.number}/${checks.length} "${check.name}": ${explainVerdict(read, check.files)}`,
    fix: 'mend the layer or the check; the image is kept, tagged rejected, and is never used as a parent.',
    step: { name: check.name, index: read.number, count: checks.length, exitCode: read.exitCode, span: check.span },
    logTail: lastLines(read.output),
  });
}

/** The seal left nothing of the builder: no bundle but the one just delivered, and an identity of its own. */
const SEALED_STATE: NamedCheck = {
  name: 'sealed state',
  span: undefined,
  files: {
    exitCode: 0,
    run: `test ! -e ${BUNDLE_ROOT}/steps || { echo "the builder's bundle is still in ${BUNDLE_ROOT}"; exit 1; }
test ! -e ${BUNDLE_ROOT}/log || { echo "the builder's logs are still in ${BUNDLE_ROOT}"; exit 1; }
test ! -e /etc/machine-id || test -s /etc/machine-id || { echo "/etc/machine-id is empty: first boot did not run"; exit 1; }`,
  },
};

/** Ancestors' checks first, as far up as `inherit` reaches. */
function checksOf(lineage: readonly LayerNode[]): readonly NamedCheck[] {
  const own: NamedCheck[][] = [];
  for (const { layer } of lineage) {
    const { script, checks, inherit } = layer.validation;
    const scriptCheck: NamedCheck[] =
      script === undefined
        ? []
        : [{ name: script.path, files: { run: script.script, exitCode: 0 }, span: script.span }];
    own.push([
      ...scriptCheck,
      ...checks.map((check) => ({ name: check.name, files: filesOfCheck(check), span: check.span })),
    ]);
    if (!inherit) break;
  }
  return [SEALED_STATE, ...own.toReversed().flat()];
}
