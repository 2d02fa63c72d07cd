import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PHASES } from '../../src/build/outcome.js';
import { resultOf } from '../../src/report/result.js';
import { changes } from './journal.js';
import { decisions, outcomes } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('a run that is cancelled, in whatever phase, leaves nothing running and starts nothing more', async () => {
  const runs = PHASES.map(async (phase) => {
    const project = rig.project({
      [`templates/${phase}-root.yaml`]: `provision: [{run: ${phase === 'steps' ? 'sleep 300' : 'echo root'}}]\n`,
      [`templates/${phase}-child.yaml`]: `extends: ${phase}-root\nprovision: [{run: "true"}]\n`,
    });
    const cancel = new AbortController();
    const { report } = await project.build({
      signal: cancel.signal,
      onEvent: (event) => {
        if (phase === 'steps' ? event.kind === 'step-started' : event.kind === 'phase' && event.phase === phase) {
          cancel.abort();
        }
      },
    });
    expect([phase, outcomes(report)]).toEqual([
      phase,
      { [`${phase}-root`]: 'cancelled', [`${phase}-child`]: 'cancelled' },
    ]);
    expect(resultOf(report)).toBe('cancelled');
  });
  await Promise.all(runs);
});

test('an image that a cancelled run had begun is validated by the next', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{run: echo tool}]\n' });
  const cancel = new AbortController();
  await project.build({
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.kind === 'phase' && event.detail.endsWith('is pending')) cancel.abort();
    },
  });
  const next = await project.build();
  expect(decisions(next.report)).toEqual({ tool: 'validate: not-validated' });
  expect(outcomes(next.report)).toEqual({ tool: 'reused and validated' });
  expect(changes(next.calls)).toEqual({ RunInstances: 1, CreateTags: 1, TerminateInstances: 1 });
});
