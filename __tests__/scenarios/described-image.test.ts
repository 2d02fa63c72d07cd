import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { imageOf, outcomes, outputOf } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const RUNTIME = `
env: {RUNTIME: /opt/runtime}
provision: [{run: mkdir -p "$RUNTIME"; echo 1 >"$RUNTIME/version"}]
validate: {checks: [{name: the runtime is there, run: cat /opt/runtime/version, equals: 1}]}
`;

test('a layer on an image with a description has its variables, and its checks run', async () => {
  const made = await rig.project({ 'templates/runtime.yaml': RUNTIME }).build();
  const image = imageOf(made.report, 'runtime');
  const project = rig.project({
    'archive/runtime.yaml': RUNTIME,
    'templates/app.yaml': `
extends: {ami: ${image}, template: /archive/runtime.yaml}
provision: [{run: 'echo "on $(cat "$RUNTIME/version")"'}]
`,
    'templates/broken.yaml': `
extends: {ami: ${image}, template: /archive/runtime.yaml}
provision: [{run: 'rm "$RUNTIME/version"'}]
`,
  });
  const run = await project.build();
  expect(outcomes(run.report)).toEqual({
    app: 'built',
    broken: 'failed: check 2/2 "the runtime is there": exited 1',
  });
  expect(outputOf(run, 'app')).toContain('on 1\n');
});
