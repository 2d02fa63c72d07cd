import type { BuildPlan } from '../../src/plan/build-plan.js';
import type { FailedLayer } from '../../src/report/failure-file.js';
import { ofWholeRun } from '../../src/report/of-whole-run.js';
import type { RunReport } from '../../src/report/run-report.js';
import { because, failedInstall, imageRecord, plan, report, RUN, spanIn, START } from './example-report.js';

const RUNTIME_STEPS = 'name: runtime\nextends: base\nprovision:\n  - name: install\n    run: dnf install -y libfoo2\n';

/** What the job that built `runtime` leaves for the last one. */
export const failedLayer: FailedLayer = {
  outcome: failedInstall(spanIn('templates/runtime.yml', RUNTIME_STEPS, 'install'), [
    'No match for argument: libfoo2',
    'Error: Unable to find a match: libfoo2',
  ]),
  startedAt: START,
};

/** The plan of the last job of a run, where each layer had a job of its own: `tools` is built, `docs` was not begun. */
export const plannedAfterFailedJobs: RunReport = report({
  plan: withImageOfRun(
    'tools',
    plan(
      { name: 'base', action: 'reuse', reasons: [because.found('base')] },
      {
        name: 'runtime',
        parent: 'base',
        reasons: [because.template('runtime'), because.noImage('runtime')],
        templateText: RUNTIME_STEPS,
      },
      { name: 'tools', parent: 'base', action: 'reuse', reasons: [because.template('tools'), because.found('tools')] },
      { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
      { name: 'app-debug', parent: 'app', reasons: [because.parentRebuilt('app/x86_64')] },
      { name: 'docs', parent: 'base', reasons: [because.template('docs'), because.noImage('docs')] },
    ),
  ),
  expectedMs: 34.2 * 60_000,
  cost: { costUsd: 0.5231, savedUsd: 0.41 },
  startedAt: START + 26 * 60_000,
  finishedAt: START + 26 * 60_000 + 1_900,
});

function withImageOfRun(layer: string, { items }: BuildPlan): BuildPlan {
  const image = { ...imageRecord(layer), runId: RUN.id };
  return {
    items: items.map((item) => (item.node.layer.name === layer ? { ...item, action: { kind: 'reuse', image } } : item)),
  };
}

export const afterFailedJobs = ofWholeRun(plannedAfterFailedJobs, new Map([['runtime/x86_64', failedLayer]]));
