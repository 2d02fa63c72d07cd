import { describe, expect, test } from '@jest/globals';
import { checkExchange, exampleOf, type Exchange } from '../../sandbox/github/openapi.js';

const COMMENTS = '/repos/octo/layers/issues/7/comments';

function check(method: string, path: string, parts: Partial<Exchange> = {}): readonly string[] {
  const url = new URL(path, 'http://127.0.0.1');
  return checkExchange({ method, url, requestBody: '', status: 200, answer: [], ...parts });
}

describe('an exchange with GitHub’s API', () => {
  test('is as GitHub describes it', () => {
    expect(check('GET', `${COMMENTS}?per_page=100&page=2`)).toEqual([]);
    // Its own examples are not: the team lacks a type.
    const pull = { ...exampleOf<object>('pull-request'), requested_teams: [] };
    const [listed] = exampleOf<readonly object[]>('pull-request-simple-items');
    const list = [{ ...listed, requested_teams: [] }];
    expect(check('GET', '/repos/octo/layers/pulls/7', { answer: pull })).toEqual([]);
    expect(check('GET', '/repos/octo/layers/pulls?head=ada:topic', { answer: list })).toEqual([]);
    expect(check('GET', '/repos/octo/layers/compare/a...b', { answer: exampleOf('commit-comparison') })).toEqual([]);
    expect(check('DELETE', '/repos/octo/layers/issues/comments/9', { status: 204, answer: undefined })).toEqual([]);
    expect(check('GET', COMMENTS, { status: 403, answer: { message: 'no' } })).toEqual([]);
  });

  test.each<[string, string, string, Partial<Exchange>, string]>([
    ['a parameter there is not', 'GET', `${COMMENTS}?size=100`, {}, 'no parameter "size"'],
    [
      'a request without what it needs',
      'POST',
      COMMENTS,
      { requestBody: '{}', status: 422, answer: { message: 1 } },
      '/message must be string',
    ],
    [
      'an answer without what it has',
      'GET',
      COMMENTS,
      { answer: [{ id: 1 }] },
      "/0 must have required property 'node_id'",
    ],
    ['a status there is not', 'GET', COMMENTS, { status: 203 }, 'no answer has this status'],
    ['a body where there is none', 'GET', COMMENTS, { requestBody: '{}' }, 'the request has a body'],
    ['an operation there is not', 'GET', '/repos/octo/layers/layers', {}, 'is not described'],
  ])('differs by %s', (_, method, path, parts, problem) => {
    expect(check(method, path, parts).join('\n')).toContain(problem);
  });
});
