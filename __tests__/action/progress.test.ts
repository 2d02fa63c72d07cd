import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProgress } from '../../src/action/progress.js';
import { createCommentWriter } from '../../src/github/pull-request-comment.js';
import type { VariantKey } from '../../src/plan/build-plan.js';
import { renderComment, renderPlanComment, renderProgressComment } from '../../src/report/comment.js';
import type { RunReport } from '../../src/report/run-report.js';
import { addComment, startCommentsServer, type CommentsServer } from '../github/comments-server.js';
import { because, built, plan, report } from '../report/example-report.js';

const MINUTE = 60_000;
const MOST_WRITES = 20;
const MOST_REQUESTS = 60;

let server: CommentsServer;
beforeEach(async () => {
  server = await startCommentsServer();
});
afterEach(() => server.stop());

/** A build of so many layers, of which one ends every so many minutes, with its comment on GitHub. */
async function build(layers: number, minutes = 1) {
  const names = Array.from({ length: layers }, (_, index) => `layer-${index}`);
  const planned = report({ plan: plan(...names.map((name) => ({ name, reasons: [because.noImage(name)] }))) });
  const { apiUrl } = server;
  const write = createCommentWriter({ apiUrl, token: 'secret', repository: 'acme/images', pullRequest: 42 });
  const id = { id: 'default' };
  let now = 0;
  const shownAt: number[] = [];
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  await write({ body: renderPlanComment(planned, { ...id, building: true }), create: true });
  const progress = createProgress({
    planned,
    clock,
    show: async (soFar: RunReport) => {
      shownAt.push(now / MINUTE);
      const { kind } = await write({ body: renderProgressComment(soFar, id), create: false });
      return kind === 'written';
    },
  });
  const verdicts: string[] = [];
  for (const name of names) {
    now += minutes * MINUTE;
    const key: VariantKey = `${name}/x86_64`;
    progress.onEvent({ kind: 'outcome', key, outcome: built(name, 1) });
    await progress.settle();
    verdicts.push(server.comments.at(-1)?.body.split('\n')[1] ?? '');
  }
  await write({ body: renderComment(planned, id), create: true });
  return { shownAt, verdicts, writes: server.requests.filter((request) => !request.startsWith('GET ')).length };
}

describe('a pull request’s comment', () => {
  test('says how far a build is, at most once a minute, and rarer as it goes on', async () => {
    const { shownAt, verdicts } = await build(12);
    expect(shownAt).toEqual([1, 2, 3, 5, 8, 12]);
    expect(verdicts.slice(0, 5)).toEqual([
      '### 📋 AMI layers: 1 built · 11 to build',
      '### 📋 AMI layers: 2 built · 10 to build',
      '### 📋 AMI layers: 3 built · 9 to build',
      '### 📋 AMI layers: 3 built · 9 to build',
      '### 📋 AMI layers: 5 built · 7 to build',
    ]);
  });

  test('takes at most 20 writes and 60 requests in a build of six hours, behind hundreds of other comments', async () => {
    for (let index = 0; index < 1_000; index += 1) addComment(server, 'hello', { login: 'amy', type: 'User' });
    const { writes } = await build(120, 3);
    expect(writes).toBeLessThanOrEqual(MOST_WRITES);
    expect(server.requests.length).toBeLessThanOrEqual(MOST_REQUESTS);
  });

  test('takes no more writes in a run of five days', async () => {
    const { writes } = await build(120, 60);
    expect(writes).toBeLessThanOrEqual(MOST_WRITES);
  });

  test('is left alone once GitHub refuses it', async () => {
    server.beforeCreate = () => (server.refuseWrites = { status: 403, message: 'Resource not accessible' });
    const { shownAt } = await build(5);
    expect(shownAt).toEqual([1]);
  });
});

test('nothing is shown while nothing came to its end', async () => {
  let now = 0;
  const progress = createProgress({
    planned: report({ plan: plan({ name: 'base', reasons: [because.noImage('base')] }) }),
    clock: { now: () => now, sleep: () => Promise.resolve() },
    show: () => Promise.reject(new Error('there is nothing to show')),
  });
  now = 60 * MINUTE;
  progress.onEvent({ kind: 'waiting', key: 'base/x86_64', detail: 'the image' });
  await progress.settle();
});
