import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCommentWriter, type CommentResult } from '../../src/github/pull-request-comment.js';
import { renderMarker } from '../../src/report/marker.js';
import { addComment, BOT, startCommentsServer, type CommentsServer, type Hiccup } from './comments-server.js';

let server: CommentsServer;

beforeEach(async () => {
  server = await startCommentsServer();
});

afterEach(() => server.stop());

const LIST = 'GET /repos/acme/images/issues/42/comments?per_page=100';
const urlOf = (id: number): string => `https://github.com/acme/images/pull/42#issuecomment-${id}`;

/** A comment of run number `run`. */
function body(run: number, text = `run ${run}`, id = 'default'): string {
  return `${renderMarker({ id, run, attempt: 1, sha: 'a1b2c3d', state: 'done' })}\n${text}`;
}

function write(text: string, create = true, token = 'secret'): Promise<CommentResult> {
  const { apiUrl } = server;
  return createCommentWriter({ apiUrl, token, repository: 'acme/images', pullRequest: 42 })({ body: text, create });
}

const bodies = (): readonly string[] => server.comments.map((comment) => comment.body);

describe('the comment of a pull request', () => {
  test('is created when there is none, and looked for once more', async () => {
    expect(await write(body(5))).toEqual({ kind: 'written', url: urlOf(1_001) });
    expect(bodies()).toEqual([body(5)]);
    expect([...server.requests].sort()).toEqual([
      LIST,
      LIST,
      'GET /user',
      'GET /user',
      'POST /repos/acme/images/issues/42/comments',
    ]);
  });

  test('is updated when there is one', async () => {
    const id = addComment(server, body(4));
    expect(await write(body(5))).toEqual({ kind: 'written', url: urlOf(id) });
    expect(bodies()).toEqual([body(5)]);
  });

  test('is updated by the run that wrote it', async () => {
    addComment(server, body(5, 'planned'));
    await write(body(5, 'done'));
    expect(bodies()).toEqual([body(5, 'done')]);
  });

  test('is found behind hundreds of others', async () => {
    for (let index = 0; index < 250; index += 1) addComment(server, `comment ${index}`, { login: 'amy', type: 'User' });
    const id = addComment(server, body(4));
    expect(await write(body(5))).toEqual({ kind: 'written', url: urlOf(id) });
    expect(server.comments).toHaveLength(251);
    expect(server.requests.filter((request) => request.startsWith(LIST))).toEqual([
      LIST,
      `${LIST}&page=2`,
      `${LIST}&page=3`,
    ]);
  });

  test('is not one that somebody copied', async () => {
    addComment(server, body(900), { login: 'mallory', type: 'User' });
    await write(body(5));
    expect(bodies()).toEqual([body(900), body(5)]);
  });

  test('is not one with another id', async () => {
    addComment(server, body(4, 'other', 'gpu'));
    await write(body(5));
    expect(bodies()).toEqual([body(4, 'other', 'gpu'), body(5)]);
  });

  test('of a newer run stays as it is', async () => {
    const id = addComment(server, body(6));
    expect(await write(body(5))).toEqual({
      kind: 'skipped',
      why: `run #6, which is newer, has already written ${urlOf(id)}`,
    });
    expect(bodies()).toEqual([body(6)]);
  });

  test('is not created when there is nothing to say, but an old one is updated', async () => {
    expect(await write(body(5), false)).toEqual({
      kind: 'skipped',
      why: 'there is nothing to say and no comment yet',
    });
    const id = addComment(server, body(4));
    expect(await write(body(5), false)).toEqual({ kind: 'written', url: urlOf(id) });
  });

  test('is left once when an older run writes at the same time', async () => {
    server.beforeCreate = () => addComment(server, body(4));
    expect(await write(body(5))).toEqual({ kind: 'written', url: urlOf(1_001) });
    expect(bodies()).toEqual([body(5)]);
  });

  test('is left once, with the newer text, when a newer run writes at the same time', async () => {
    server.beforeCreate = () => addComment(server, body(6));
    expect(await write(body(5))).toEqual({
      kind: 'skipped',
      why: `run #6, which is newer, has already written ${urlOf(1_001)}`,
    });
    expect(bodies()).toEqual([body(6)]);
  });

  test('of a newer run is left to that run, where it is the duplicate', async () => {
    addComment(server, body(4));
    const id = addComment(server, body(6));
    expect(await write(body(5))).toEqual({
      kind: 'skipped',
      why: `run #6, which is newer, has already written ${urlOf(id)}`,
    });
    expect(bodies()).toEqual([body(4), body(6)]);
  });

  test('is told apart by name for the token of a person', async () => {
    await server.stop();
    server = await startCommentsServer('amy');
    addComment(server, body(4), BOT);
    addComment(server, body(4), { login: 'bob', type: 'User' });
    await write(body(5));
    expect(server.comments.map(({ user, body: text }) => [user.login, text])).toEqual([
      [BOT.login, body(4)],
      ['bob', body(4)],
      ['amy', body(5)],
    ]);
  });
});

describe('the comment of a run that writes it more than once', () => {
  const COMMENT = '/repos/acme/images/issues/comments/1001';
  const writer = () =>
    createCommentWriter({ apiUrl: server.apiUrl, token: 'secret', repository: 'acme/images', pullRequest: 42 });

  test('is looked for once', async () => {
    const writeAgain = writer();
    await writeAgain({ body: body(5, 'planned'), create: true });
    server.requests.length = 0;
    expect(await writeAgain({ body: body(5, 'done'), create: true })).toEqual({ kind: 'written', url: urlOf(1_001) });
    expect(server.requests).toEqual([`GET ${COMMENT}`, `PATCH ${COMMENT}`]);
    expect(bodies()).toEqual([body(5, 'done')]);
  });

  test('is left to a newer run that has written it meanwhile', async () => {
    const writeAgain = writer();
    await writeAgain({ body: body(5), create: true });
    await write(body(6));
    expect(await writeAgain({ body: body(5, 'done'), create: true })).toEqual({
      kind: 'skipped',
      why: `run #6, which is newer, has already written ${urlOf(1_001)}`,
    });
    expect(bodies()).toEqual([body(6)]);
  });

  test('is written anew when somebody has deleted it meanwhile', async () => {
    const writeAgain = writer();
    await writeAgain({ body: body(5), create: true });
    server.comments.length = 0;
    expect(await writeAgain({ body: body(5, 'done'), create: true })).toMatchObject({ kind: 'written' });
    expect(bodies()).toEqual([body(5, 'done')]);
  });
});

describe('a comment that GitHub could not take at once', () => {
  const POST = 'POST /repos/acme/images/issues/42/comments';
  const bad = { method: 'POST', status: 502, message: 'Server Error' };
  const limited = { method: 'POST', status: 403, message: 'You have exceeded a secondary rate limit.' };

  /** Writes with a clock that takes no time; returns how long it would have waited. */
  async function writePatiently(hiccups: readonly Hiccup[]): Promise<{ result: CommentResult; waits: number[] }> {
    server.hiccups.push(...hiccups);
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    const place = { apiUrl: server.apiUrl, token: 'secret', repository: 'acme/images', pullRequest: 42 };
    const result = await createCommentWriter(place, { now: () => 0, sleep })({ body: body(5), create: true });
    return { result, waits };
  }

  test.each([
    ['a bad gateway, twice', [bad, bad], [1_000, 4_000]],
    ['a secondary rate limit, twice', [limited, limited], [60_000, 60_000]],
    ['a limit that names its time', [{ ...limited, headers: { 'retry-after': '7' } }], [7_000]],
    [
      'a limit that is over at a time',
      [
        {
          ...limited,
          message: 'API rate limit exceeded',
          headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '90' },
        },
      ],
      [90_000],
    ],
  ])('is written after %s', async (_, hiccups, waits) => {
    expect(await writePatiently(hiccups)).toEqual({ result: { kind: 'written', url: urlOf(1_001) }, waits });
    expect(server.requests.filter((request) => request === POST)).toHaveLength(hiccups.length + 1);
    expect(bodies()).toEqual([body(5)]);
  });

  test('is a warning when there is no end of it, or the limit lasts too long', async () => {
    expect(await writePatiently([bad, bad, bad, bad])).toEqual({
      result: { kind: 'refused', warning: expect.stringContaining('Server Error') },
      waits: [1_000, 4_000, 9_000],
    });
    const hour = { ...limited, headers: { 'retry-after': '3600' } };
    expect(await writePatiently([hour])).toEqual({
      result: { kind: 'refused', warning: expect.stringContaining('secondary rate limit') },
      waits: [],
    });
    expect(bodies()).toEqual([]);
  });
});

describe('a comment that GitHub refuses is a warning', () => {
  const permission =
    'the pull request comment was not written: the token may not write to pull requests. ' +
    'Fix: give the job `permissions: pull-requests: write`; runs for forks and for Dependabot never have it. ' +
    'The job summary has the same text';

  test.each([
    [403, 'Resource not accessible by integration', permission],
    [404, 'Not Found', permission],
    [422, 'Validation Failed', 'the pull request comment was not written: GitHub does not accept the text'],
  ])('with status %d', async (status, message, meaning) => {
    server.refuseWrites = { status, message };
    const result = await write(body(5));
    expect(result).toEqual({ kind: 'refused', warning: expect.stringMatching(/./) });
    expect(result.kind === 'refused' && result.warning.startsWith(`${meaning} (${status}: ${message}`)).toBe(true);
  });

  test('with a token that has expired', async () => {
    expect(await write(body(5), true, 'expired')).toEqual({
      kind: 'refused',
      warning: expect.stringMatching(
        /^the pull request comment was not written: the token is not valid \(any more\)\. Fix: .* one hour \(401: Bad credentials/,
      ),
    });
  });

  test('when GitHub cannot be reached', async () => {
    await server.stop();
    expect(await write(body(5))).toEqual({
      kind: 'refused',
      warning: expect.stringMatching(/^the pull request comment was not written: /),
    });
    server = await startCommentsServer();
  });
});

test('a body without a marker is a mistake of the program', async () => {
  await expect(write('hello')).rejects.toThrow('the body of a comment begins with its marker');
});
