import { describe, test } from '@jest/globals';
import { renderComment, renderPlanComment, renderProgressComment } from '../../src/report/comment.js';
import { renderFinalLines } from '../../src/report/final-lines.js';
import { renderKilledComment, renderKilledSummary } from '../../src/report/killed.js';
import { renderPlan } from '../../src/report/plan-table.js';
import { renderSummary } from '../../src/report/summary.js';
import { RUN } from './example-report.js';
import { EXAMPLES, fork, fourHundred, halfDone, planned } from './examples.js';
import { expectGolden } from './golden.js';

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

describe.each(Object.entries(EXAMPLES))('the report "%s"', (name, report) => {
  test('reads well as a pull request comment', () => {
    expectGolden(`${name}.comment.md`, renderComment(report, { id: 'default' }));
  });

  test('reads well as a job summary', () => {
    expectGolden(`${name}.summary.md`, renderSummary(report));
  });

  test('reads well as the end of a console log', () => {
    expectGolden(`${name}.console.txt`, lines(renderFinalLines(report)));
  });
});

describe('a plan', () => {
  test('reads well as the comment while the build goes on', () => {
    expectGolden('planned.comment.md', renderPlanComment(planned, { id: 'default', building: true }));
  });

  test('reads well as a job summary of the plan command', () => {
    expectGolden('planned.summary.md', renderSummary(planned));
  });

  test('reads well on the console, as a tree', () => {
    expectGolden('planned.console.txt', lines(renderPlan({ ...planned, now: planned.finishedAt })));
  });
});

describe('a run that is under way', () => {
  test('reads well as a comment', () => {
    expectGolden('half-done.comment.md', renderProgressComment(halfDone, { id: 'default' }));
  });
});

describe('a run that was killed', () => {
  test('reads well as a comment', () => {
    expectGolden('killed.comment.md', renderKilledComment(RUN, { id: 'default' }));
  });

  test('reads well as a job summary', () => {
    expectGolden('killed.summary.md', renderKilledSummary(RUN));
  });
});

describe("a fork's plan", () => {
  test('reads well as a job summary', () => {
    expectGolden('fork.summary.md', renderSummary(fork));
  });

  test('reads well on the console', () => {
    expectGolden('fork.console.txt', lines(renderPlan({ plan: fork.plan, now: fork.finishedAt })));
  });
});

test('400 layers read well as a comment', () => {
  expectGolden('400-layers.comment.md', renderComment(fourHundred, { id: 'default' }));
});
