import { describe, expect, test } from '@jest/globals';
import { renderFailureLine } from '../../src/report/final-lines.js';
import { EXIT_CODES, resultOf } from '../../src/report/result.js';
import { because, built, failed, plan, report, results, reused } from './example-report.js';
import * as examples from './examples.js';

const two = plan(
  { name: 'base', reasons: [because.noImage('base')] },
  { name: 'app', parent: 'base', reasons: [because.parentRebuilt('base/x86_64')] },
);

describe('the result of a run', () => {
  test.each([
    ['all-built', examples.allBuilt, 'success'],
    ['all reused and promoted', examples.allReusedAndPromoted, 'success'],
    ['all reused, nothing promoted', { ...examples.allReusedAndPromoted, promoted: [] }, 'nothing-to-do'],
    ['a failed check', examples.failedCheck, 'failure'],
    ['nothing affected', examples.nothingAffected, 'nothing-to-do'],
    ['checks that ran again', examples.twoArchitectures, 'success'],
    ['a plan with work in it', examples.planned, 'success'],
    ['a plan without work', { ...examples.allReusedAndPromoted, results: new Map(), promoted: [] }, 'nothing-to-do'],
    [
      'a layer cancelled and its child blocked by it',
      report({
        plan: two,
        results: results(
          ['base/x86_64', { kind: 'cancelled', durationMs: 5 }],
          ['app/x86_64', { kind: 'blocked', by: 'base/x86_64' }],
        ),
      }),
      'cancelled',
    ],
    [
      'a layer that the run never came to',
      report({ plan: two, results: results(['base/x86_64', built('base', 1)]) }),
      'cancelled',
    ],
    [
      'one failed, one cancelled',
      report({
        plan: two,
        results: results(['base/x86_64', failed({})], ['app/x86_64', { kind: 'cancelled', durationMs: 5 }]),
      }),
      'failure',
    ],
  ] as const)('of %s', (_, given, result) => {
    expect(resultOf(given)).toBe(result);
  });

  test('decides the exit code', () => {
    expect(EXIT_CODES).toEqual({ success: 0, 'nothing-to-do': 0, failure: 1, cancelled: 1, 'in-progress': 75 });
  });
});

describe('the line that says why a run failed', () => {
  test('names the layer, what failed, where, and how to go on', () => {
    expect(renderFailureLine(examples.failedCheck)).toBe(
      'runtime: check 1/2 "python" exited 1 at templates/runtime.yml:5:7. ' +
        'Build failed (41 minutes): 1 layer failed. A re-run resumes: 2 of 4 layers done.',
    );
  });

  test('counts the other layers that failed', () => {
    const both = report({ plan: two, results: results(['base/x86_64', failed({})], ['app/x86_64', failed({})]) });
    expect(renderFailureLine(both)).toBe(
      'base: a step failed (and 1 more failed). Build failed (41 minutes): 2 layers failed. A re-run resumes: 0 of 2 layers done.',
    );
  });

  test('is not there when nothing failed', () => {
    expect(
      renderFailureLine(
        report({ plan: two, results: results(['base/x86_64', reused('base')], ['app/x86_64', built('app', 1)]) }),
      ),
    ).toBeUndefined();
  });
});
