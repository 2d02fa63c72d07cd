import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MACHINE_ARCHITECTURE } from '../../sandbox/account.js';
import { pushEvent } from '../../sandbox/github/event.js';
import { startAction } from '../../sandbox/github/runner.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { createClients } from '../../src/aws/clients.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { toTagList } from '../../src/aws/tag-list.js';
import { instanceTags } from '../../src/images/tags.js';

const REGION = 'us-west-2';
const HOUR = 3_600_000;
const RUN = {
  number: 1,
  attempt: 1,
  token: 't',
  url: undefined,
  repository: undefined,
  scope: 'o/r',
  commit: undefined,
} as const;

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ami-sweep-action-'));
  sandbox = await startSandbox({ directory: join(folder, 'sandbox') });
  Object.assign(process.env, sandbox.environment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  // The action as it is compiled; the bundle is made of the same files.
  writeFileSync(join(folder, 'action.yml'), readFileSync('action.yml', 'utf8').replaceAll('dist/index.js', 'main.mjs'));
  writeFileSync(join(folder, 'main.mjs'), `import '${pathToFileURL(resolve('build/src/main.js')).href}';\n`);
  mkdirSync(join(folder, 'empty'));
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

async function launch(runId: string, expiresInMs: number): Promise<string> {
  const base = { kind: 'alias', alias: 'al2023' } as const;
  const tags = instanceTags({
    run: { ...RUN, id: runId, ref: undefined, pullRequest: undefined, trust: 'main' },
    layer: 'gromacs',
    templateHash: 'abc',
    architecture: MACHINE_ARCHITECTURE,
    role: 'builder',
    baseAmi: 'ami-base',
    trust: 'main',
    now: Date.now(),
    expiresAt: Date.now() + expiresInMs,
    userTags: {},
  });
  const { Instances } = await createClients(REGION, {}).ec2.send(
    new RunInstancesCommand({
      ImageId: (await createCloud(REGION, {}).resolveBase(base, MACHINE_ARCHITECTURE)).imageId,
      InstanceType: MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: toTagList(tags) }],
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

async function sweep(inputs: Readonly<Record<string, string>>) {
  const { conclusion, outputs, summary, annotations } = await startAction({
    action: folder,
    // There is no checkout in the workflow of a sweep.
    workspace: join(folder, 'empty'),
    inputs: { command: 'sweep', ...inputs },
    event: pushEvent('o/r', { branch: 'main', before: 'a'.repeat(40), after: 'b'.repeat(40), author: 'ada' }),
    repository: 'o/r',
    token: 'ghs_secret',
    apiUrl: 'http://127.0.0.1:1',
    runId: 1000,
    runNumber: 12,
    environment: sandbox.environment,
  }).finished;
  const errors = annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  return { conclusion, result: outputs.result, summary: summary.replace(/ \d+ [sm] /g, ' 0 s '), errors };
}

test('an empty account is swept without a failure', async () => {
  expect(await sweep({ 'aws-region': REGION })).toEqual({
    conclusion: 'success',
    result: 'nothing-to-do',
    summary: '## ✅ AMI layers: nothing to sweep\n\nNothing to sweep in us-west-2.\n',
    errors: [],
  });
});

test('the instances of the run it is given end, but not in a dry run, and the summary says why', async () => {
  const named = await launch('71', 1.5 * HOUR);
  const other = await launch('72', 1.5 * HOUR);
  const table = (result: string): string => `| Result | What | Id | Region | Layer | Run | Age | Why |
|---|---|---|---|---|---|---|---|
| 🧹 ${result} | builder | \`${named}\` | us-west-2 | \`gromacs\` | \`71\` | 0 s | of run 71 |
| ⏳ kept | builder | \`${other}\` | us-west-2 | \`gromacs\` | \`72\` | 0 s | expires in 1 h |`;

  expect(await sweep({ 'aws-region': REGION, 'run-id': '71', 'dry-run': 'true' })).toEqual({
    conclusion: 'success',
    result: 'success',
    summary:
      `## ✅ AMI layers: 1 would end · 1 kept (dry run)\n\n${table('would end')}\n\n` +
      'Dry run, nothing was changed: 1 would end, 1 kept.\n',
    errors: [],
  });
  expect(await createCloud(REGION, {}).listInstances()).toHaveLength(2);

  expect(await sweep({ 'aws-region': REGION, 'run-id': '71' })).toEqual({
    conclusion: 'success',
    result: 'success',
    summary: `## ✅ AMI layers: 1 ended · 1 kept\n\n${table('ended')}\n\n1 ended, 1 kept.\n`,
    errors: [],
  });
});

test('what could not be ended fails the step and is named', async () => {
  const expired = await launch('73', -HOUR);
  const message = 'You are not authorized to perform this operation.';
  await sandbox.control.addFault({
    kind: 'error',
    operation: 'TerminateInstances',
    call: 'every',
    code: 'UnauthorizedOperation',
    message,
    status: 403,
  });
  const swept = await sweep({ 'aws-region': REGION });
  await sandbox.control.clearFaults();
  expect({ conclusion: swept.conclusion, result: swept.result, errors: swept.errors }).toEqual({
    conclusion: 'failure',
    result: 'failure',
    errors: [
      `left behind: instance ${expired} in us-west-2: TerminateInstances: ${message} (UnauthorizedOperation). ` +
        'Fix: give the role the permission that the message names (docs/permissions.md lists all of them).',
    ],
  });
});

test('without a Region the step says which input is missing', async () => {
  expect(await sweep({})).toMatchObject({
    conclusion: 'failure',
    errors: [
      'there is no Region to sweep. Fix: give --region (in a workflow the input `aws-region`), or set AWS_REGION.',
    ],
  });
});
