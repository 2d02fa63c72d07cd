import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputVariables, readActionFile } from '../../sandbox/github/action-file.js';
import { RUNNER_GRACE, runStep } from '../../sandbox/github/run-step.js';
import { readJournal } from './journal.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const FILES = {
  'templates/unknown-key.yaml': 'name: unknown-key\nprovison:\n  - run: echo hello\n',
  'templates/one.yaml': 'extends: two.yaml\n',
  'templates/two.yaml': 'extends: one.yaml\n',
  'templates/orphan.yaml': 'extends: nobody\n',
  'templates/first.yaml': 'name: same\nprovision: [{run: echo 1}]\n',
  'templates/second.yaml': 'name: same\nprovision: [{run: echo 2}]\n',
  'templates/broken.yaml': 'provision:\n  - run: "echo\n',
  'templates/no-script.yaml': 'provision:\n  - script: scripts/instal.sh\n',
  'templates/scripts/install.sh': 'echo install\n',
};

const ALL_PROBLEMS = `error: missing closing "quote (yaml-syntax)
  --> templates/broken.yaml:2:15
   |
 2 |   - run: "echo
   |               ^
Fix: add what is missing: a closing quote or bracket, a comma, or the \`:\` after a key.

error: templates/scripts/instal.sh does not exist (missing-file)
  --> templates/no-script.yaml:2:13
   |
 2 |   - script: scripts/instal.sh
   |             ^^^^^^^^^^^^^^^^^
Fix: did you mean templates/scripts/install.sh?

error: templates extend each other in a circle: one → two → one (extends-cycle)
  --> templates/one.yaml:1:10
   |
 1 | extends: two.yaml
   |          ^^^^^^^^
note: "two" is on the circle too
  --> templates/two.yaml:1:10
   |
 1 | extends: one.yaml
   |          ^^^^^^^^
Fix: remove one \`extends\`; a root layer has \`base\` instead.

error: "orphan" extends "nobody", but no template describes a layer of that name (unknown-parent)
  --> templates/orphan.yaml:1:10
   |
 1 | extends: nobody
   |          ^^^^^^
Fix: create that template, or remove \`extends\`.

error: two templates describe a layer called "same" (duplicate-name)
  --> templates/second.yaml:1:7
   |
 1 | name: same
   |       ^^^^
note: the other one is here
  --> templates/first.yaml:1:7
   |
 1 | name: same
   |       ^^^^
Fix: give one of them another \`name\`: an image belongs to exactly one layer.

error: unknown key "provison" (unknown-key)
  --> templates/unknown-key.yaml:2:1
   |
 2 | provison:
   | ^^^^^^^^
Fix: rename it to "provision".

6 problems in 6 files`;

test('the command line reports every problem of every template at once, and asks nothing of AWS', async () => {
  const { repository } = rig.project(FILES);
  const words = [join(process.cwd(), 'build/src/cli.js'), 'build', '--region', REGION];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: repository.root, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `${ALL_PROBLEMS}\n` });
  expect(await readJournal(rig.sandbox.control)).toEqual([]);
});

test('the action reports the same, as annotations too, and asks nothing of AWS', async () => {
  const { repository } = rig.project(FILES);
  const temp = mkdtempSync(join(tmpdir(), 'ami-action-'));
  const step = await runStep({
    script: join(process.cwd(), 'build/src/main.js'),
    directory: repository.root,
    environment: {
      PATH: process.env.PATH ?? '',
      GITHUB_WORKSPACE: repository.root,
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_RUN_ID: '1',
      ...rig.sandbox.environment,
      ...inputVariables(readActionFile(process.cwd()), { 'aws-region': REGION }, 'token'),
    },
    temp,
    masks: new Set(),
    onLine: () => undefined,
    signal: new AbortController().signal,
    grace: RUNNER_GRACE,
  });
  rmSync(temp, { recursive: true });

  expect([step.conclusion, step.exitCode]).toEqual(['failure', 1]);
  expect(step.outputs).toEqual({ result: 'failure', 'has-builds': 'false' });
  expect(step.log.join('\n')).toContain(ALL_PROBLEMS);
  const places = step.annotations.map(({ level, file, line, column }) => `${level} ${file}:${line}:${column}`);
  expect(places.sort()).toEqual([
    'error templates/broken.yaml:2:15',
    'error templates/no-script.yaml:2:13',
    'error templates/one.yaml:1:10',
    'error templates/orphan.yaml:1:10',
    'error templates/second.yaml:1:7',
    'error templates/unknown-key.yaml:2:1',
    // The last line, for the run as a whole.
    'error undefined:undefined:undefined',
  ]);
  expect(await readJournal(rig.sandbox.control)).toEqual([]);
});
