import { describe, expect, test } from '@jest/globals';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { annotateDiagnostics, annotateReport } from '../../src/report/annotations.js';
import { failed, plan, report, results, spanIn } from './example-report.js';
import { failedCheck } from './examples.js';

const TEXT = 'name: app\nsofware:\n  packages: [git]\n';

function diagnostic(changes: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'unknown-key',
    message: 'unknown key "sofware"',
    fix: 'rename it to "software"',
    span: spanIn('templates/app.yml', TEXT, 'sofware'),
    ...changes,
  };
}

describe('a problem in a template', () => {
  test('is an error on its place, with its fix', () => {
    expect(annotateDiagnostics([diagnostic()])).toEqual([
      {
        level: 'error',
        title: 'a key that the template language does not have',
        message: 'unknown key "sofware"\nFix: rename it to "software"',
        place: { file: 'templates/app.yml', line: 2, column: 1, endColumn: 8 },
      },
    ]);
  });

  test('over several lines is shown on the first', () => {
    const span = { ...spanIn('templates/app.yml', TEXT, 'sofware'), length: TEXT.length };
    expect(annotateDiagnostics([diagnostic({ span })])[0]?.place).toEqual({
      file: 'templates/app.yml',
      line: 2,
      column: 1,
      endColumn: 9,
    });
  });

  test('that is in no file has no place', () => {
    const { span, ...elsewhere } = diagnostic();
    expect(span).toBeDefined();
    expect(annotateDiagnostics([elsewhere])[0]?.place).toBeUndefined();
  });

  test('is cut before the runner would cut it', () => {
    const [annotation] = annotateDiagnostics([diagnostic({ message: 'x'.repeat(9_000) })]);
    expect(annotation?.message).toHaveLength(4_000);
  });

  test('is counted when there are more than GitHub shows', () => {
    const many = (count: number): Diagnostic[] =>
      Array.from({ length: count }, (_, index) => diagnostic({ message: `problem ${index + 1}` }));
    expect(annotateDiagnostics(many(9))).toHaveLength(9);
    const annotations = annotateDiagnostics(many(30));
    expect(annotations).toHaveLength(9);
    expect(annotations.slice(7).map(({ message }) => message)).toEqual([
      'problem 8\nFix: rename it to "software"',
      'and 22 more errors; the log has all of them',
    ]);
  });
});

describe('a run', () => {
  test('has an error on the line of each step that failed, and a warning for what was left behind', () => {
    expect(annotateReport(failedCheck)).toEqual([
      {
        level: 'error',
        title: 'runtime: check 1/2 "python" exited 1',
        message: [
          'the check "python" expected output containing "3.12", and it was "Python 3.9.16"',
          'Fix: install what the check asks for, or change the check',
          '$ python3 --version',
          'Python 3.9.16',
        ].join('\n'),
        place: { file: 'templates/runtime.yml', line: 5, column: 7, endColumn: 20 },
      },
      {
        level: 'warning',
        title: 'Left behind',
        message: 'instance i-0abc1234def567890 in us-east-1: TerminateInstances: RequestLimitExceeded',
        place: undefined,
      },
      {
        level: 'warning',
        title: 'AMI layers',
        message: 'the role may not tag snapshots (ec2:CreateTags): they carry no tags',
        place: undefined,
      },
    ]);
  });

  test('shows a failure without a step on the template’s name', () => {
    const launch = report({
      plan: plan({ name: 'app', reasons: [{ kind: 'rebuild-requested' }] }),
      results: results(['app/x86_64', failed({ phase: 'launch', message: 'no capacity', fix: 'add a type' })]),
    });
    expect(annotateReport(launch)).toEqual([
      {
        level: 'error',
        title: 'app: the launch failed',
        message: 'no capacity\nFix: add a type',
        place: { file: 'templates/app.yml', line: 1, column: 7, endColumn: 10 },
      },
    ]);
  });
});
