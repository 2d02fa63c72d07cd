import { describe, expect, test } from '@jest/globals';
import { readEvent, type GithubEvent } from '../../src/github/event.js';
import { readRunIdentity } from '../../src/github/read-run-identity.js';

const repository = { default_branch: 'main', full_name: 'acme/images' };
const ZERO = '0'.repeat(40);

const pull = (headRepository: { full_name: string } | null): unknown => ({
  action: 'synchronize',
  number: 42,
  repository,
  pull_request: {
    number: 42,
    base: { ref: 'main', sha: 'b'.repeat(40), repo: { full_name: 'acme/images' } },
    head: { ref: 'topic', sha: 'a'.repeat(40), repo: headRepository },
  },
});

const PULL: GithubEvent = {
  kind: 'pull_request',
  target: false,
  action: 'synchronize',
  number: 42,
  baseRef: 'main',
  baseSha: 'b'.repeat(40),
  headSha: 'a'.repeat(40),
  fork: false,
};

describe('an event', () => {
  test('of a pull request', () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/42/merge' };
    expect(readEvent(env, pull({ full_name: 'acme/images' }))).toEqual(PULL);
    expect(readEvent(env, pull({ full_name: 'mallory/images' }))).toEqual({ ...PULL, fork: true });
    expect(readEvent(env, pull(null))).toEqual({ ...PULL, fork: true });
  });

  test.each([
    ['refs/heads/main', true],
    ['refs/heads/topic', false],
    ['refs/tags/main', false],
  ])('of a push to %s', (ref, onDefaultBranch) => {
    const payload = { ref, before: ZERO, after: 'a'.repeat(40), forced: true, deleted: false, repository };
    expect(readEvent({ GITHUB_EVENT_NAME: 'push', GITHUB_REF: ref }, payload)).toEqual({
      kind: 'push',
      ref,
      before: ZERO,
      after: 'a'.repeat(40),
      forced: true,
      deleted: false,
      defaultBranch: 'main',
      onDefaultBranch,
    });
  });

  test('of a schedule is on the default branch, though its payload does not say so', () => {
    expect(
      readEvent({ GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main' }, { schedule: '17 3 * * 1' }),
    ).toEqual({ kind: 'other', name: 'schedule', onDefaultBranch: true });
  });

  test.each([
    ['issue_comment', pull({ full_name: 'acme/images' })],
    ['pull_request_target', { action: 'opened', pull_request: {} }],
    ['pull_request', { number: 'forty-two' }],
    ['push', undefined],
    ['merge_group', {}],
  ])('named %s with an unknown payload is an other one', (name, payload) => {
    expect(readEvent({ GITHUB_EVENT_NAME: name, GITHUB_REF: 'refs/pull/42/merge' }, payload)).toEqual({
      kind: 'other',
      name,
      onDefaultBranch: false,
    });
  });

  test.each([
    ['pull_request_target', true],
    ['pull_request_review', false],
    ['pull_request_review_comment', false],
  ])('named %s is of a pull request', (name, target) => {
    const env = { GITHUB_EVENT_NAME: name, GITHUB_REF: 'refs/heads/main' };
    expect(readEvent(env, pull({ full_name: 'acme/images' }))).toEqual({ ...PULL, target });
  });

  test.each([
    ['refs/heads/main', true],
    ['refs/heads/release', false],
  ])('of a merge group for %s', (baseRef, intoDefaultBranch) => {
    const group = { base_sha: 'b'.repeat(40), base_ref: baseRef, head_sha: 'a'.repeat(40) };
    const env = { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-42' };
    expect(readEvent(env, { repository, merge_group: group })).toEqual({
      kind: 'merge_group',
      baseSha: 'b'.repeat(40),
      headSha: 'a'.repeat(40),
      intoDefaultBranch,
    });
  });

  test('outside GitHub is none', () => {
    expect(readEvent({}, undefined)).toEqual({ kind: 'other', name: 'none', onDefaultBranch: false });
  });
});

const ENV = {
  GITHUB_RUN_ID: '7001',
  GITHUB_RUN_NUMBER: '118',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_REPOSITORY: 'acme/images',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_REF: 'refs/pull/42/merge',
};

describe('a run', () => {
  test('for a pull request speaks of its head commit', () => {
    expect(readRunIdentity({ env: ENV, event: PULL, token: 't', trust: 'pr', scope: undefined })).toEqual({
      id: '7001',
      number: 118,
      attempt: 2,
      token: 't',
      url: 'https://github.example/acme/images/actions/runs/7001',
      repository: 'acme/images',
      scope: 'acme/images',
      commit: 'a'.repeat(40),
      ref: 'refs/pull/42/merge',
      pullRequest: 42,
      trust: 'pr',
    });
  });

  test('with hardly any variables still is one', () => {
    const event: GithubEvent = { kind: 'other', name: 'none', onDefaultBranch: false };
    expect(readRunIdentity({ env: {}, event, token: 't', trust: 'pr', scope: undefined })).toEqual({
      id: '0',
      number: 1,
      attempt: 1,
      token: 't',
      url: undefined,
      repository: undefined,
      scope: 'local',
      commit: undefined,
      ref: undefined,
      pullRequest: undefined,
      trust: 'pr',
    });
  });
});
