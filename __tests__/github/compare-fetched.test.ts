import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGitHubApi } from '../../sandbox/github/api.js';
import { readChangedFiles, type ChangedFiles } from '../../src/github/changed-files.js';
import type { GithubEvent } from '../../src/github/event.js';
import { readRemote } from '../../src/github/remote.js';
import { createOrigin, git, NAME, type Origin } from '../action/origin.js';
import { startGitServer, type GitServer } from './git-server.js';

const TOKEN = 'ghs_secret';
const BASIC = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
const TOPIC = ['docs/topic.md', 'templates/app.yaml'];

let origin: Origin;
let server: GitServer;
beforeAll(async () => {
  origin = createOrigin();
  server = await startGitServer(join(origin.bare, '../..'), BASIC);
});
afterAll(async () => {
  await server.stop();
  origin.remove();
});

function pullRequest(): GithubEvent {
  const { main: baseSha, topic: headSha } = origin.commits;
  const common = { target: false, action: 'opened', baseRef: 'main', fork: false } as const;
  return { kind: 'pull_request', number: 4, ...common, baseSha, headSha };
}

function read(directory: string, token: string, urls = {}): Promise<ChangedFiles> {
  const env = {
    ...process.env,
    GITHUB_REPOSITORY: NAME,
    GITHUB_SERVER_URL: server.url,
    GITHUB_API_URL: 'http://127.0.0.1:1',
    ...urls,
  };
  return readChangedFiles({ event: pullRequest(), directory, base: undefined, env, remote: readRemote(env, token) });
}

test('a commit that a checkout without credentials lacks is fetched with the token of the job', async () => {
  const directory = origin.checkout('refs/pull/4/merge');
  expect(await read(directory, TOKEN)).toEqual({ known: true, base: origin.commits.main, files: TOPIC });
});

test('a partial clone without folders gets them, and the credentials it was made with do not get in the way', async () => {
  const directory = origin.checkout('refs/pull/4/merge', { depth: 2, filter: 'tree:0' });
  git(directory, 'config', 'remote.origin.url', `${server.url}/${NAME}`);
  git(directory, 'config', `http.${server.url}/.extraheader`, 'AUTHORIZATION: basic b2xkOm9sZA==');
  server.authorizations.clear();
  expect(await read(directory, TOKEN)).toMatchObject({ known: true, files: TOPIC });
  expect([...server.authorizations]).toEqual([BASIC]);
});

test('the checkout stays as it was', async () => {
  const directory = origin.checkout('refs/pull/4/head');
  const state = () => ['config', 'shallow'].map((file) => readFileSync(join(directory, '.git', file), 'utf8'));
  const before = [...state(), git(directory, 'for-each-ref'), git(directory, 'count-objects', '-v')];
  expect(await read(directory, TOKEN)).toMatchObject({ known: true, base: origin.commits.left, files: TOPIC });
  expect([...state(), git(directory, 'for-each-ref'), git(directory, 'count-objects', '-v')]).toEqual(before);
});

test('a branch that left long ago is followed to where it did', async () => {
  const history = Array.from({ length: 350 }, (_, index) => {
    const from = index === 0 ? `from ${origin.commits.main}\n` : '';
    return `commit refs/heads/long\ncommitter A <a@b> ${1_800_000_000 + index} +0000\ndata 1\nx\n${from}M 644 inline long.txt\ndata 3\n${String(index).padStart(3, '0')}\n`;
  });
  execFileSync('git', ['fast-import', '--quiet'], { cwd: origin.bare, input: history.join('') });
  const directory = origin.checkout('refs/heads/long');
  const remote = readRemote(
    { ...process.env, GITHUB_REPOSITORY: NAME, GITHUB_SERVER_URL: server.url, GITHUB_API_URL: 'http://127.0.0.1:1' },
    TOKEN,
  );
  const event: GithubEvent = { kind: 'other', name: 'workflow_dispatch', onDefaultBranch: false };
  expect(await readChangedFiles({ event, directory, base: 'topic', env: process.env, remote })).toEqual({
    known: true,
    base: origin.commits.left,
    files: ['README.md', 'long.txt', 'templates/other.yaml'],
  });
});

test('without the right to read, the layers are all looked at, and the reason is git’s', async () => {
  const directory = origin.checkout('refs/pull/4/merge');
  const changed = await read(directory, 'ghs_other');
  expect(changed).toEqual({
    known: false,
    why: expect.stringMatching(
      new RegExp(
        `^the base ${origin.commits.main} of the pull request is not in this checkout, and git could not fetch it \\(.*could not read Username .*\\)\\. Fix: `,
      ),
    ) as unknown,
  });
  expect(JSON.stringify(changed)).not.toContain('ghs_other');
});

test('where git cannot ask the server, the API says what a pull request changes', async () => {
  const api = await startGitHubApi({ repository: NAME, token: TOKEN });
  const { main, topic, merge } = origin.commits;
  api.setPullRequest(
    {
      number: 4,
      title: 'Topic',
      author: 'ada',
      base: { ref: 'main', sha: main },
      head: { ref: 'topic', sha: topic },
      mergeSha: merge,
    },
    TOPIC.map((path) => ({ path, status: 'modified' })),
  );
  const urls = { GITHUB_SERVER_URL: 'http://127.0.0.1:1', GITHUB_API_URL: api.url };
  expect(await read(origin.checkout('refs/pull/4/merge'), TOKEN, urls)).toEqual({
    known: true,
    base: main,
    // It shows no patch here, and does not say what is a link.
    files: TOPIC.flatMap((path) => [path, `${path}/`]),
  });
  await api.stop();
});
