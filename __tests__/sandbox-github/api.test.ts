import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { COMMENT_LIMIT } from '../../sandbox/github/api-routes.js';
import type { CommentChange } from '../../sandbox/github/api-shapes.js';
import { startGitHubApi, type GitHubApi } from '../../sandbox/github/api.js';

const TOKEN = 'ghs_test';
const pull = {
  number: 7,
  title: 'Add layers',
  author: 'ada',
  base: { ref: 'main', sha: 'b'.repeat(40) },
  head: { ref: 'layers', sha: 'a'.repeat(40) },
  mergeSha: 'c'.repeat(40),
};

let api: GitHubApi;
let changes: string[];
let clock: string;

async function start(permission: 'read' | 'write' = 'write') {
  changes = [];
  clock = '2026-01-02T03:04:05.678Z';
  const onComment = ({ kind, pullRequest, comment }: CommentChange) => {
    changes.push(`${kind} #${pullRequest}: ${comment.body}`);
  };
  api = await startGitHubApi({
    repository: 'octo/layers',
    token: TOKEN,
    permission,
    onComment,
    now: () => new Date(clock),
  });
  api.setPullRequest(pull, [
    { path: 'templates/a.yaml', status: 'added' },
    { path: 'templates/b.yaml', status: 'modified' },
  ]);
}

beforeEach(() => start());
afterEach(() => api.stop());

async function call(method: string, path: string, body?: object, token = TOKEN) {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    link: response.headers.get('link'),
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const comment = (body: string) => call('POST', '/repos/octo/layers/issues/7/comments', { body });
const refusal = (status: number, message: string) => ({
  status,
  link: null,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

describe('comments', () => {
  test('are created, read, changed and deleted, and each change is told', async () => {
    const created = await comment('one');
    const first = {
      id: 2000000001,
      body: 'one',
      html_url: 'https://github.com/octo/layers/pull/7#issuecomment-2000000001',
      url: `${api.url}/repos/octo/layers/issues/comments/2000000001`,
      issue_url: `${api.url}/repos/octo/layers/issues/7`,
      created_at: '2026-01-02T03:04:05Z',
      updated_at: '2026-01-02T03:04:05Z',
      user: { login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
    };
    expect(created).toMatchObject({ status: 201, body: first });

    clock = '2026-01-02T03:10:00.000Z';
    const path = '/repos/octo/layers/issues/comments/2000000001';
    const second = { ...first, body: 'two', updated_at: '2026-01-02T03:10:00Z' };
    expect(await call('PATCH', path, { body: 'two' })).toMatchObject({ status: 200, body: second });
    expect(await call('GET', path)).toMatchObject({ status: 200, body: second });
    expect(await call('DELETE', path)).toEqual({ status: 204, link: null, body: undefined });
    expect(await call('GET', path)).toEqual(refusal(404, 'Not Found'));
    expect(changes).toEqual(['created #7: one', 'updated #7: two', 'deleted #7: two']);
  });

  test('come in pages that lead to each other', async () => {
    for (let index = 1; index <= 5; index += 1) await comment(`comment ${index}`);
    const at = (page: number) => `${api.url}/repos/octo/layers/issues/7/comments?per_page=2&page=${page}`;
    const second = await call('GET', '/repos/octo/layers/issues/7/comments?per_page=2&page=2');
    expect(second.body).toMatchObject([{ body: 'comment 3' }, { body: 'comment 4' }]);
    expect(second.link).toBe(
      `<${at(1)}>; rel="prev", <${at(3)}>; rel="next", <${at(3)}>; rel="last", <${at(1)}>; rel="first"`,
    );
    const all = await call('GET', '/repos/octo/layers/issues/7/comments');
    expect(all.link).toBeNull();
    expect(all.body).toHaveLength(5);
  });

  test('may be as long as the limit and no longer, and not blank', async () => {
    expect((await comment('x'.repeat(COMMENT_LIMIT))).status).toBe(201);
    const invalid = (message: string) => ({
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
      },
    });
    expect(await comment('x'.repeat(COMMENT_LIMIT + 1))).toMatchObject(
      invalid('Body is too long (maximum is 65536 characters)'),
    );
    expect(await comment(' \n')).toMatchObject(invalid('Body cannot be blank'));
    expect(await call('POST', '/repos/octo/layers/issues/7/comments', { text: 'x' })).toEqual(
      refusal(400, 'Problems parsing JSON'),
    );
  });

  test('can be read but not written with the token of a fork', async () => {
    await api.stop();
    await start('read');
    expect(await comment('x')).toEqual(refusal(403, 'Resource not accessible by integration'));
    expect(await call('GET', '/repos/octo/layers/issues/7/comments')).toMatchObject({ status: 200, body: [] });
  });
});

describe('everything else', () => {
  test("wants the run's token", async () => {
    expect(await call('GET', '/repos/octo/layers/pulls/7', undefined, '')).toEqual(
      refusal(401, 'Requires authentication'),
    );
    expect(await call('GET', '/repos/octo/layers/pulls/7', undefined, 'other')).toEqual(
      refusal(401, 'Bad credentials'),
    );
  });

  test("a run's token stands for no user", async () => {
    expect(await call('GET', '/user')).toEqual(refusal(403, 'Resource not accessible by integration'));
  });

  test('a pull request has its branches and its changed files', async () => {
    expect(await call('GET', '/repos/octo/layers/pulls/7')).toMatchObject({
      status: 200,
      body: {
        number: 7,
        state: 'open',
        changed_files: 2,
        head: pull.head,
        base: pull.base,
        merge_commit_sha: pull.mergeSha,
      },
    });
    expect((await call('GET', '/repos/octo/layers/pulls/7/files')).body).toMatchObject([
      { filename: 'templates/a.yaml', status: 'added' },
      { filename: 'templates/b.yaml', status: 'modified' },
    ]);
  });

  test.each([
    ['GET', '/repos/octo/layers/issues/8/comments'],
    ['GET', '/repos/octo/other/pulls/7'],
    ['PUT', '/repos/octo/layers/pulls/7'],
    ['GET', '/'],
  ])('%s %s is not found', async (method, path) => {
    expect(await call(method, path)).toEqual(refusal(404, 'Not Found'));
  });

  test('is kept as a list of requests', async () => {
    await call('GET', '/user');
    await comment('x');
    expect(api.requests).toEqual(['GET /user 403', 'POST /repos/octo/layers/issues/7/comments 201']);
  });
});
