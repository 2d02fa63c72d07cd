// npm run bench:startup: the shipped bundle's cold start, as ratios to `node -e 0`. Runs dist/index.js as a runner does:
// a plan of one template without AWS (what a fork's pull request gets), one with a DescribeImages to the sandbox, and
// one that loads all the code there is.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputVariables, readActionFile } from '../sandbox/github/action-file.js';
import { startSandbox } from '../sandbox/start.js';
import { copyThatLoadsEverything } from './everything.js';
import { countLoadedFiles } from './loaded-files.js';
import { medianTimes, type Timed } from './rounds.js';

const ROUNDS = 15;
const dist = join(import.meta.dirname, '..', '..', 'dist');
const bundle = join(dist, 'index.js');

const folder = mkdtempSync(join(tmpdir(), 'ami-layers-bench-'));
mkdirSync(join(folder, 'templates'));
writeFileSync(join(folder, 'templates', 'one.yaml'), 'base: al2023\nprovision: [{run: echo one}]\n');
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Amy', '-c', 'user.email=amy@example.com', ...args], {
    encoding: 'utf8',
  }).trim();
const commit = (): string => {
  git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return git('rev-parse', 'HEAD');
};
git('init', '--quiet', '--initial-branch=main');
git('add', 'templates');
const base = commit();
git('checkout', '--quiet', '-b', 'topic');
const head = commit();
git('checkout', '--quiet', '--detach', base);
git('merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
const sandbox = await startSandbox({ directory: join(folder, 'sandbox') });

/** What a user sets; everything else is as action.yml has it. */
const set: Readonly<Record<string, string>> = {
  command: 'plan',
  'aws-region': 'us-west-2',
  comment: 'never',
  summary: 'false',
};
const common = {
  ...inputVariables(readActionFile(join(dist, '..')), set, 'no-token'),
  ...sandbox.environment,
  GITHUB_WORKSPACE: folder,
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_SHA: git('rev-parse', 'HEAD'),
};
const event = (name: string, payload: unknown): Readonly<Record<string, string>> => {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(payload));
  return { ...common, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path };
};

const fork = event('pull_request', {
  action: 'opened',
  pull_request: {
    number: 1,
    base: { ref: 'main', sha: base, repo: { full_name: 'o/r' } },
    head: { sha: head, repo: { full_name: 'fork/r' } },
  },
});
const cases = {
  'plan without AWS': { args: [bundle], env: fork },
  'plan with one DescribeImages': { args: [bundle], env: event('workflow_dispatch', {}) },
  'plan without AWS, everything loaded': {
    args: [copyThatLoadsEverything(dist, join(folder, 'everything'))],
    env: fork,
  },
} as const satisfies Record<string, Timed>;

try {
  const { node, ...times } = medianTimes({ node: { args: ['-e', '0'] }, ...cases }, ROUNDS);
  console.log(`${'node -e 0'.padEnd(36)} ${node.toFixed(0)} ms`);
  for (const [name, timed] of Object.entries(cases)) {
    const time = times[name as keyof typeof cases];
    const { count, bytes } = countLoadedFiles(timed, folder);
    const loaded = `${(bytes / 1e6).toFixed(2)} MB in ${count} files`;
    console.log(`${name.padEnd(36)} ${time.toFixed(0)} ms = ${(time / node).toFixed(2)} × node -e 0, ${loaded}`);
  }
  const bytes = readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
  console.log(`${'dist'.padEnd(36)} ${(bytes / 1e6).toFixed(2)} MB of JavaScript`);
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
}
