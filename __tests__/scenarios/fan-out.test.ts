import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCloud } from '../../src/aws/create-cloud.js';
import { makeOutputs } from '../../src/report/outputs.js';
import type { Architecture } from '../../src/template/layer.js';
import { changes } from './journal.js';
import { outcomes } from './outcomes.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

interface Matrix {
  readonly include: readonly { readonly layer: string; readonly architecture: Architecture }[];
}

test('jobs of a matrix that run at the same time build every layer once; a last run finds all of them', async () => {
  const project = rig.project({
    'templates/base.yaml': 'provision: [{name: base, run: echo base >/opt/base}]\n',
    'templates/left.yaml': 'extends: base\nprovision: [{name: left, run: test -f /opt/base}]\n',
    'templates/right.yaml': 'extends: base\nprovision: [{name: right, run: test -f /opt/base}]\n',
  });
  const { values } = makeOutputs((await project.plan()).report);
  const { include } = JSON.parse(values.matrix ?? '') as Matrix;
  expect(include.map(({ layer }) => layer)).toEqual(['base', 'left', 'right']);

  const jobs = await Promise.all(
    include.map(({ layer, architecture }) =>
      project.buildAndLeave({ selection: { layers: [layer], architectures: [architecture] } }),
    ),
  );
  for (const [index, { layer }] of include.entries()) {
    const outcome = outcomes(jobs[index]!.report)[layer];
    expect(layer === 'base' ? ['built', 'reused'] : ['built']).toContain(outcome);
  }
  expect((await createCloud(REGION, {}).listImages()).map(({ layer }) => layer).sort()).toEqual([
    'base',
    'left',
    'right',
  ]);

  const last = await project.build({ promote: true });
  expect(outcomes(last.report)).toEqual({ base: 'reused', left: 'reused', right: 'reused' });
  expect(last.report.promoted).toHaveLength(3);
  expect(changes(last.calls)).not.toHaveProperty('RunInstances');
});

test('an architecture that no selected layer is built for is a problem, not nothing to do', async () => {
  const project = rig.project({ 'templates/tool.yaml': 'provision: [{name: tool, run: "true"}]\n' });
  await expect(project.plan({ selection: { architectures: ['arm64'] } })).rejects.toMatchObject({
    diagnostics: [
      {
        message: 'none of the selected layers is built for arm64, only for x86_64',
        fix: 'change `architectures`, or select other layers.',
      },
    ],
  });
});
