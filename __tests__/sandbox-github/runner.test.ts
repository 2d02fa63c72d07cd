import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pullRequestEvent, pushEvent } from '../../sandbox/github/event.js';
import { startAction, type ActionRun } from '../../sandbox/github/runner.js';

const REPOSITORY = 'octo/layers';
const pull = {
  number: 7,
  title: 'Add layers',
  author: 'ada',
  base: { ref: 'main', sha: 'b'.repeat(40) },
  head: { ref: 'layers', sha: 'a'.repeat(40) },
  mergeSha: 'c'.repeat(40),
};

const ACTION_YML = `
name: throw-away
inputs:
  layers: { default: all }
  poll-interval-seconds: { default: 3 }
  with space: { default: '' }
  github-token: { default: '\${{ github.token }}' }
runs: { using: node24, main: main.cjs, post: post.cjs }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'action-'));
  mkdirSync(join(folder, 'checkout'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts an action whose main and post are these two texts of JavaScript. */
function start(main: string, post: string, more: Partial<ActionRun> = {}) {
  writeFileSync(join(folder, 'action.yml'), ACTION_YML);
  writeFileSync(join(folder, 'main.cjs'), main);
  writeFileSync(join(folder, 'post.cjs'), post);
  return startAction({
    action: folder,
    workspace: join(folder, 'checkout'),
    inputs: {},
    event: pullRequestEvent(REPOSITORY, pull),
    repository: REPOSITORY,
    token: 'ghs_secret',
    apiUrl: 'http://127.0.0.1:1',
    runId: 1000,
    runNumber: 12,
    ...more,
  });
}

const run = (main: string, post = '', more: Partial<ActionRun> = {}) => start(main, post, more).finished;

describe('an action on the local runner', () => {
  test('gets its inputs, with defaults for those that the workflow leaves out', async () => {
    const print = `
      const inputs = Object.entries(process.env).filter(([name]) => name.startsWith('INPUT_')).sort();
      require('fs').writeFileSync('inputs.json', JSON.stringify(inputs));
      require('fs').appendFileSync(process.env.GITHUB_OUTPUT, 'inputs<<END\\n' + JSON.stringify(inputs) + '\\nEND\\n');`;
    const { outputs } = await run(print, '', { inputs: { layers: 'app', undeclared: 'x' } });
    expect(JSON.parse(outputs.inputs!)).toEqual([
      ['INPUT_GITHUB-TOKEN', 'ghs_secret'],
      ['INPUT_LAYERS', 'app'],
      ['INPUT_POLL-INTERVAL-SECONDS', '3'],
      ['INPUT_UNDECLARED', 'x'],
      ['INPUT_WITH_SPACE', ''],
    ]);
  });

  test('runs in the checkout, with the event and nothing of this process but PATH', async () => {
    process.env.LEAKED = 'yes';
    const { log } = await run(
      `const { env } = process;
       const event = JSON.parse(require('fs').readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
       console.log(JSON.stringify({
         directory: process.cwd() === env.GITHUB_WORKSPACE,
         leaked: env.LEAKED,
         ref: env.GITHUB_REF, refName: env.GITHUB_REF_NAME, sha: env.GITHUB_SHA, base: env.GITHUB_BASE_REF, head: env.GITHUB_HEAD_REF,
         event: env.GITHUB_EVENT_NAME, number: event.pull_request.number, branch: event.repository.default_branch,
         repository: env.GITHUB_REPOSITORY, run: env.GITHUB_RUN_ID + '/' + env.GITHUB_RUN_NUMBER + '/' + env.GITHUB_RUN_ATTEMPT,
         region: env.AWS_REGION,
       }));`,
      '',
      { environment: { AWS_REGION: 'us-west-2' } },
    );
    delete process.env.LEAKED;
    expect(log.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        directory: true,
        ref: 'refs/pull/7/merge',
        refName: '7/merge',
        sha: pull.mergeSha,
        base: 'main',
        head: 'layers',
        event: 'pull_request',
        number: 7,
        branch: 'main',
        repository: REPOSITORY,
        run: '1000/12/1',
        region: 'us-west-2',
      },
    ]);
  });

  test('hands state, environment and PATH on to post, and masks what it was told to', async () => {
    const result = await run(
      `const { env } = process;
       const add = (file, text) => require('fs').appendFileSync(env[file], text + '\\n');
       add('GITHUB_STATE', 'token=abc');
       add('GITHUB_ENV', 'FROM_MAIN=1');
       add('GITHUB_PATH', '/opt/main');
       add('GITHUB_STEP_SUMMARY', '# Main, hunter2');
       console.log('::add-mask::hunter2');
       console.log('the token is ghs_secret');
       console.error('::error file=a.yaml,line=2::bad');
       process.exitCode = 1;`,
      `const { env } = process;
       console.log(env.STATE_token, env.FROM_MAIN, env.PATH.split(':')[0], env.GITHUB_OUTPUT !== undefined, 'hunter2');
       require('fs').appendFileSync(env.GITHUB_STEP_SUMMARY, 'post');`,
    );
    const { conclusion, exitCode, summary, annotations, log, post } = result;
    expect({ conclusion, exitCode, summary }).toEqual({ conclusion: 'failure', exitCode: 1, summary: '# Main, ***\n' });
    expect([...log].sort()).toEqual(['##[error]bad', 'the token is ***']);
    expect(annotations).toMatchObject([{ level: 'error', file: 'a.yaml', line: 2, message: 'bad' }]);
    expect(post).toMatchObject({
      conclusion: 'success',
      exitCode: 0,
      summary: 'post',
      log: ['abc 1 /opt/main true ***'],
    });
  });

  test('streams its lines as they come, main before post', async () => {
    const lines: string[] = [];
    await run("console.log('one\\ntwo')", "console.log('three')", {
      onLine: (line, phase) => lines.push(`${phase}: ${line}`),
    });
    expect(lines).toEqual(['main: one', 'main: two', 'post: three']);
  });

  test('fails when it writes a command file that cannot be read', async () => {
    const { conclusion, exitCode, annotations } = await run(
      "require('fs').appendFileSync(process.env.GITHUB_OUTPUT, 'nonsense')",
    );
    expect({ conclusion, exitCode, messages: annotations.map(({ message }) => message) }).toEqual({
      conclusion: 'failure',
      exitCode: 0,
      messages: ["Unable to process file command 'output' successfully. Invalid format 'nonsense'"],
    });
  });

  test('can be started by a push', async () => {
    const event = pushEvent(REPOSITORY, {
      branch: 'main',
      before: 'a'.repeat(40),
      after: 'b'.repeat(40),
      author: 'ada',
    });
    const { log } = await run(
      `const { env } = process;
       const { before, after, ref } = JSON.parse(require('fs').readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
       console.log([env.GITHUB_REF, env.GITHUB_SHA === after, ref, before.slice(0, 3), env.GITHUB_BASE_REF === ''].join(' '));`,
      '',
      { event },
    );
    expect(log).toEqual(['refs/heads/main true refs/heads/main aaa true']);
  });
});

describe('a cancelled action', () => {
  /** Cancels as soon as the action has printed `ready`. */
  async function cancelled(main: string, post: string, graceMs: number) {
    const running = start(main, post, {
      grace: { toTerminateMs: graceMs, toKillMs: graceMs },
      onLine: (line) => {
        if (line === 'ready') running.cancel();
      },
    });
    return running.finished;
  }

  test('that obeys SIGINT gets no other signal, keeps what it wrote, and its post runs', async () => {
    const result = await cancelled(
      `process.on('SIGINT', () => {
         require('fs').appendFileSync(process.env.GITHUB_OUTPUT, 'result=cancelled\\n');
         process.exit(130);
       });
       setInterval(() => {}, 1000);
       console.log('ready');`,
      "console.log('post ran')",
      60_000,
    );
    const { conclusion, exitCode, signals, outputs, post } = result;
    expect({ conclusion, exitCode, signals, outputs }).toEqual({
      conclusion: 'cancelled',
      exitCode: 130,
      signals: ['SIGINT'],
      outputs: { result: 'cancelled' },
    });
    expect(post).toMatchObject({ conclusion: 'success', log: ['post ran'] });
  });

  test('that obeys nothing is killed, with the processes it started', async () => {
    const { conclusion, exitCode, signals, post } = await cancelled(
      `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log(signal));
       // It keeps the output open: unless it is killed too, the step does not end.
       require('child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
       setInterval(() => {}, 1000);
       console.log('ready');`,
      "console.log('post ran')",
      300,
    );
    expect({ conclusion, exitCode, signals }).toEqual({
      conclusion: 'cancelled',
      exitCode: undefined,
      signals: ['SIGINT', 'SIGTERM', 'SIGKILL'],
    });
    expect(post?.log).toEqual(['post ran']);
  });
});
