import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { JournalEntry } from '../../sandbox/journal.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { callsOf, changes, count } from './journal.js';
import { decisions, imageOf, outcomes, outputOf } from './outcomes.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.reset());

test("a parent's files and environment are on the child's instances, and nowhere on the machine afterwards", async () => {
  const project = rig.project({
    'templates/parent.yaml': `
env: {COLOUR: deep blue, SIZE: "1"}
provision:
  - run: |
      mkdir /opt/ami-layers-scenario
      echo "written by the parent" >/opt/ami-layers-scenario/note
`,
    'templates/child.yaml': `
extends: parent
env: {SIZE: "2"}
provision:
  - run: |
      cat /opt/ami-layers-scenario/note
      echo "$COLOUR, $SIZE"
      echo "written by the child" >>/opt/ami-layers-scenario/note
validate:
  checks:
    - {run: cat /opt/ami-layers-scenario/note, equals: "written by the parent\\nwritten by the child"}
    - {run: 'echo "$COLOUR, $SIZE"', equals: "deep blue, 2"}
`,
  });
  const run = await project.build();
  expect(outcomes(run.report)).toEqual({ parent: 'built', child: 'built' });
  expect(outputOf(run, 'child')).toBe('written by the parent\ndeep blue, 2\n');
  expect(changes(run.calls)).toEqual({
    RunInstances: 4,
    StopInstances: 2,
    CreateImage: 2,
    CreateTags: 2,
    TerminateInstances: 2,
  });
  expect(existsSync('/opt/ami-layers-scenario')).toBe(false);
});

test('files of more than one command are delivered whole', async () => {
  const digits = Array.from({ length: 5000 }, (_, at) => createHash('sha256').update(String(at)).digest('hex'));
  const project = rig.project({
    'templates/data.yaml': `
provision:
  - run: sha256sum <data/digits
    inputs: [data/*]
`,
    'templates/data/digits': digits.join('\n'),
  });
  const run = await project.build();
  expect(outputOf(run, 'data')).toBe(`${createHash('sha256').update(digits.join('\n')).digest('hex')}  -\n`);
  // Nine chunks, the last of which puts them together and starts the steps; one for the test instance.
  const sent = callsOf(run.calls, 'SendCommand').map(({ parameters }) => (parameters as { Comment: string }).Comment);
  expect(sent.filter((comment) => comment === 'ami-layers: deliver')).toHaveLength(10);
  // The agent drops what is over: the fourth is waited for.
  expect(deliveriesInARow(run.calls)).toBe(4);
});

/** Of one bundle, without a look at how any of them has ended. */
function deliveriesInARow(calls: readonly JournalEntry[]): number {
  let [row, longest] = [0, 0];
  for (const { operation, parameters } of calls) {
    if (operation === 'GetCommandInvocation') row = 0;
    if ((parameters as { Comment?: string } | null)?.Comment === 'ami-layers: deliver') row += 1;
    longest = Math.max(longest, row);
  }
  return longest;
}

test('only what changed is built, and what stands on it', async () => {
  const project = rig.project({
    'templates/root.yaml': 'provision:\n  - run: echo root >/opt/root\n',
    'templates/tool.yaml': 'extends: root\nprovision:\n  - script: /scripts/tool.sh\n',
    'templates/app.yaml': `
extends: tool
tags: {team: a}
env: {B: "2", A: "1"}
provision:
  - name: use the tool
    run: |
      cat /opt/tool
validate:
  checks:
    - {run: cat /opt/tool, contains: tool}
`,
    'templates/other.yaml': 'extends: root\nprovision:\n  - run: cat /opt/root\n',
    'scripts/tool.sh': 'echo tool >/opt/tool\n',
  });
  const first = await project.build();
  expect(outcomes(first.report)).toEqual({ root: 'built', tool: 'built', app: 'built', other: 'built' });

  // A comment, another order of keys, other white space and quotes.
  project.repository.write({
    'templates/root.yaml': '# The root of all.\nprovision: [{run: "echo root >/opt/root"}]\n',
    'templates/app.yaml': `
validate:
    checks: [{contains: "tool", run: cat /opt/tool}]

provision:
    - run: |
          cat /opt/tool
      name: "use the tool" # it is there
env: {A: '1', B: '2'}
tags: {team: a}
extends: tool.yaml
`,
  });
  const edited = await project.build({ runId: 'later' });
  const all = ['root', 'tool', 'app', 'other'];
  expect(outcomes(edited.report)).toEqual(Object.fromEntries(all.map((layer) => [layer, 'reused'])));
  expect(all.map((layer) => imageOf(edited.report, layer))).toEqual(all.map((layer) => imageOf(first.report, layer)));
  expect(count(edited.calls)).toEqual({ DescribeImages: 1, DescribeInstances: 1 });

  project.repository.write({ 'scripts/tool.sh': 'echo better tool >/opt/tool\n' });
  const changed = await project.build({ selection: { changedFiles: ['scripts/tool.sh'], affectedOnly: true } });
  expect(decisions(changed.report)).toEqual({
    root: 'reuse: image-found',
    tool: 'build: file-changed, no-image',
    app: 'build: parent-affected, no-image',
  });
  expect(outcomes(changed.report)).toEqual({ root: 'reused', tool: 'built', app: 'built' });
  expect(outputOf(changed, 'app')).toBe('better tool\n');
  expect(changes(changed.calls)).toMatchObject({ RunInstances: 4, CreateImage: 2 });
});

test('a changed check runs again on the image that is there', async () => {
  const template = (expected: string): string => `
provision: [{run: echo one two >/opt/words}]
validate:
  checks: [{name: words, run: cat /opt/words, contains: ${expected}}]
`;
  const project = rig.project({ 'templates/words.yaml': template('one') });
  const cloud = createCloud(REGION, {});
  const first = await project.build();
  const [before] = await cloud.listImages();

  project.repository.write({ 'templates/words.yaml': template('two') });
  const again = await project.build();
  expect(decisions(again.report)).toEqual({ words: 'validate: checks-changed' });
  expect(outcomes(again.report)).toEqual({ words: 'reused and validated' });
  expect(imageOf(again.report, 'words')).toBe(imageOf(first.report, 'words'));
  expect(changes(again.calls)).toEqual({ RunInstances: 1, CreateTags: 1, TerminateInstances: 1 });

  const [after, ...others] = await cloud.listImages();
  expect(others).toEqual([]);
  expect(after?.templateHash).toBe(before?.templateHash);
  expect(after?.validationHash).not.toBe(before?.validationHash);
  expect(after?.validationHash).toBe(again.report.plan.items[0]?.validationHash);
  expect(after?.buildState).toBe('validated');
  expect(callsOf((await project.build()).calls, 'RunInstances')).toEqual([]);
});
