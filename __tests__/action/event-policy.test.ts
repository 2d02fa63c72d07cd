import { describe, expect, test } from '@jest/globals';
import { decideByEvent } from '../../src/action/event-policy.js';
import { readEvent, readRunIdentity } from '../../src/github/event.js';
import { parseInputs, type Inputs } from '../../src/inputs.js';
import { DEFAULT_INPUTS } from '../inputs.js';

const REPOSITORY = { default_branch: 'main', full_name: 'o/r' };

function inputsWith(changes: Readonly<Record<string, string>>): Inputs {
  const parsed = parseInputs((name) => changes[name] ?? DEFAULT_INPUTS[name] ?? '');
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics[0]?.message);
  return parsed.inputs;
}

function decide(env: Readonly<Record<string, string>>, payload: object, changes = {}) {
  const event = readEvent(env, { repository: REPOSITORY, ...payload });
  return decideByEvent(event, inputsWith(changes), readRunIdentity({ env, event, token: 't' }));
}

const pullRequest = (action: string, changes = {}, from = 'o/r') =>
  decide(
    { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/4/merge' },
    {
      action,
      number: 4,
      pull_request: {
        base: { ref: 'main', sha: 'b'.repeat(40), repo: { full_name: 'o/r' } },
        head: { sha: 'c'.repeat(40), repo: { full_name: from } },
      },
    },
    changes,
  );

const push = (ref: string, parts = {}, changes = {}) =>
  decide(
    { GITHUB_EVENT_NAME: 'push', GITHUB_REF: ref },
    { ref, before: 'a'.repeat(40), after: 'b'.repeat(40), forced: false, deleted: false, ...parts },
    changes,
  );

describe('what an event makes of a run', () => {
  test('a pull request: affected layers, a comment, latest stays', () => {
    expect(pullRequest('synchronize')).toEqual({
      kind: 'run',
      affectedOnly: true,
      promote: false,
      offline: false,
      pullRequest: 4,
    });
  });

  test('a pull request of a fork: a plan without AWS, no comment', () => {
    expect(pullRequest('opened', {}, 'somebody/fork')).toEqual({
      kind: 'run',
      affectedOnly: true,
      promote: false,
      offline: true,
      pullRequest: undefined,
    });
  });

  test('a closed pull request: nothing', () => {
    expect(pullRequest('closed')).toEqual({ kind: 'nothing', why: 'the pull request was closed' });
  });

  test('a push to the default branch: every layer, latest moves', () => {
    expect(push('refs/heads/main')).toEqual({
      kind: 'run',
      affectedOnly: false,
      promote: true,
      offline: false,
      pullRequest: undefined,
    });
  });

  test('a push to another branch: affected layers, latest stays', () => {
    expect(push('refs/heads/topic')).toEqual({
      kind: 'run',
      affectedOnly: true,
      promote: false,
      offline: false,
      pullRequest: undefined,
    });
  });

  test('a deleted branch: nothing', () => {
    expect(push('refs/heads/topic', { deleted: true, after: '0'.repeat(40) })).toMatchObject({ kind: 'nothing' });
  });

  test('a schedule: every layer, latest moves', () => {
    expect(decide({ GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main' }, {})).toMatchObject({
      affectedOnly: false,
      promote: true,
    });
  });

  test.each([
    ['a push', () => push('refs/heads/topic', {}, { command: 'sweep' })],
    ['a deleted branch', () => push('refs/heads/topic', { deleted: true }, { command: 'sweep' })],
    ['a closed pull request', () => pullRequest('closed', { command: 'sweep' })],
    ['a schedule', () => decide({ GITHUB_EVENT_NAME: 'schedule' }, {}, { command: 'sweep' })],
  ])('%s with the command sweep: a sweep', (_, decided) => {
    expect(decided()).toEqual({ kind: 'sweep' });
  });

  test('a fork with the command sweep: nothing, it has no credentials', () => {
    expect(pullRequest('opened', { command: 'sweep' }, 'somebody/fork')).toEqual({
      kind: 'nothing',
      why: 'the pull request is from a fork',
    });
  });

  test('the inputs have the last word', () => {
    expect(pullRequest('opened', { select: 'all', 'tag-latest': 'true', comment: 'never' })).toEqual({
      kind: 'run',
      affectedOnly: false,
      promote: true,
      offline: false,
      pullRequest: undefined,
    });
    expect(push('refs/heads/main', {}, { 'tag-latest': 'false' })).toMatchObject({ promote: false });
    expect(push('refs/heads/main', {}, { command: 'plan' })).toMatchObject({ promote: false });
  });
});
