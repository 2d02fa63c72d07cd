import { expect, test } from '@jest/globals';
import { parseFailureFile, writeFailureFile, type FailedLayer } from '../../src/report/failure-file.js';
import { ofWholeRun } from '../../src/report/of-whole-run.js';
import { makeOutputs } from '../../src/report/outputs.js';
import { afterFailedJobs, failedLayer, plannedAfterFailedJobs } from './examples-of-jobs.js';
import { START } from './example-report.js';

const plan = plannedAfterFailedJobs.plan;

test('what a job tells of a failed layer, a job with the same templates understands', () => {
  expect(parseFailureFile(writeFailureFile(failedLayer), plan)).toEqual(failedLayer);
});

test('of a place in a template that the other job does not have, nothing is said', () => {
  const elsewhere = writeFailureFile(failedLayer).replace('templates/runtime.yml', 'templates/gone.yml');
  const { step } = parseFailureFile(elsewhere, plan)?.outcome.failure ?? {};
  expect(step).toEqual({ name: 'install', index: 1, count: 3, exitCode: 1, span: undefined });
});

test('a log does not make what is told longer than a report shows of it', () => {
  const { failure } = failedLayer.outcome;
  const logTail = Array.from({ length: 500 }, () => 'x'.repeat(10_000));
  const chatty: FailedLayer = { ...failedLayer, outcome: { ...failedLayer.outcome, failure: { ...failure, logTail } } };
  expect(writeFailureFile(chatty).length).toBeLessThan(15_000);
});

test.each(['', '{}', 'null', '{"phase":"steps"}', writeFailureFile(failedLayer).replace('"steps"', '"evil"')])(
  'anything else is nothing: %s',
  (text) => expect(parseFailureFile(text, plan)).toBeUndefined(),
);

test('after jobs have failed, a plan is a report of their run: failed, blocked, built, and what nobody told of', () => {
  const kinds = [...afterFailedJobs.results].map(([key, { outcome }]) => [key.split('/')[0], outcome.kind]);
  expect(Object.fromEntries(kinds)).toEqual({
    base: 'reused',
    tools: 'built',
    runtime: 'failed',
    app: 'blocked',
    'app-debug': 'blocked',
  });
  expect(afterFailedJobs.results.get('app-debug/x86_64')?.outcome).toEqual({ kind: 'blocked', by: 'runtime/x86_64' });
  expect(afterFailedJobs.startedAt).toBe(START);
});

test('where nobody told of a failure, a plan is a plan, and its outputs are the same either way', () => {
  expect(ofWholeRun(plannedAfterFailedJobs)).toBe(plannedAfterFailedJobs);
  expect(makeOutputs(plannedAfterFailedJobs).values).toMatchObject({ result: 'success', failed: '[]' });
});
