import { describe, expect, test } from '@jest/globals';
import type { Diagnostic, SourceFile, Span } from '../../src/diagnostics/diagnostic.js';
import { renderDiagnostic, renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';

const gromacs: SourceFile = {
  path: 'templates/gromacs.yaml',
  text: '# GROMACS\nextends: foundation\nsoftwares:\n\tpackages: [git]\n',
};

function spanOf(source: SourceFile, text: string): Span {
  return { source, offset: source.text.indexOf(text), length: text.length };
}

function problem(span: Span | undefined, message = 'unknown key "softwares"'): Diagnostic {
  return { code: 'unknown-key', message, fix: 'rename it to "software"', ...(span === undefined ? {} : { span }) };
}

describe('a diagnostic', () => {
  test('shows what, where, the line with the place underlined, and the fix', () => {
    expect(renderDiagnostic(problem(spanOf(gromacs, 'softwares')))).toBe(
      `error: unknown key "softwares" (unknown-key)
  --> templates/gromacs.yaml:3:1
   |
 3 | softwares:
   | ^^^^^^^^^
Fix: rename it to "software".`,
    );
  });

  test('shows related places too', () => {
    const related = [{ span: spanOf(gromacs, 'foundation'), message: 'the parent is named here' }];
    expect(
      renderDiagnostic({ ...problem(spanOf(gromacs, 'softwares')), related, fix: 'did you mean "software"?' }),
    ).toBe(
      `error: unknown key "softwares" (unknown-key)
  --> templates/gromacs.yaml:3:1
   |
 3 | softwares:
   | ^^^^^^^^^
note: the parent is named here
  --> templates/gromacs.yaml:2:10
   |
 2 | extends: foundation
   |          ^^^^^^^^^^
Fix: did you mean "software"?`,
    );
  });

  test('of the command line has no place', () => {
    expect(renderDiagnostic(problem(undefined))).toBe(
      'error: unknown key "softwares" (unknown-key)\nFix: rename it to "software".',
    );
  });

  test('keeps its marks under the text after tabs, and shows control characters by their numbers', () => {
    const source = { path: 'a.yaml', text: '\ta:\t\u001b[31mred\n' };
    expect(renderDiagnostic(problem(spanOf(source, '\u001b[31mred'), 'red'))).toBe(
      `error: red (unknown-key)
  --> a.yaml:1:5
   |
 1 |   a:  \\x1b[31mred
   |       ^^^^^^^^^^^
Fix: rename it to "software".`,
    );
  });

  test('marks a span of several lines on its first line, and a span of no length with one mark', () => {
    const twoLines = { source: gromacs, offset: gromacs.text.indexOf('softwares'), length: 20 };
    expect(renderDiagnostic(problem(twoLines)).split('\n').slice(3, 5)).toEqual([' 3 | softwares:', '   | ^^^^^^^^^^']);
    const atEnd = { source: gromacs, offset: gromacs.text.length, length: 0 };
    expect(renderDiagnostic(problem(atEnd)).split('\n').slice(1, 5)).toEqual([
      '  --> templates/gromacs.yaml:5:1',
      '   |',
      ' 5 |',
      '   | ^',
    ]);
  });

  test('cuts a long line around the place', () => {
    const source = { path: 'long.yaml', text: `${'a'.repeat(300)}WRONG${'b'.repeat(300)}` };
    const [, , , line = '', marks = ''] = renderDiagnostic(problem(spanOf(source, 'WRONG'))).split('\n');
    expect(line).toBe(` 1 | …${'a'.repeat(40)}WRONG${'b'.repeat(115)}…`);
    expect(marks).toBe(`   |  ${' '.repeat(40)}^^^^^`);
  });

  test('knows lines that end with a carriage return, and a file that starts with an empty line', () => {
    const windows = { path: 'w.yaml', text: 'a: 1\r\nb: 2\r\n' };
    expect(
      renderDiagnostic(problem(spanOf(windows, 'b')))
        .split('\n')
        .slice(1, 5),
    ).toEqual(['  --> w.yaml:2:1', '   |', ' 2 | b: 2', '   | ^']);
    const empty = { path: 'e.yaml', text: '\na: 1\n' };
    const atStart = renderDiagnostic(problem({ source: empty, offset: 0, length: 1 }));
    expect(atStart.split('\n').slice(1, 5)).toEqual(['  --> e.yaml:1:1', '   |', ' 1 |', '   | ^']);
  });
});

describe('several diagnostics', () => {
  const other: SourceFile = { path: 'templates/a.yaml', text: 'x: 1\n' };

  test('are sorted by file and place, and counted', () => {
    const all = [
      problem(spanOf(gromacs, 'softwares'), 'third'),
      problem(spanOf(gromacs, 'extends'), 'second'),
      problem(spanOf(other, 'x'), 'first'),
      problem(undefined, 'of the command line'),
    ];
    const lines = renderDiagnostics(all).split('\n');
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      'error: of the command line (unknown-key)',
      'error: first (unknown-key)',
      'error: second (unknown-key)',
      'error: third (unknown-key)',
    ]);
    expect(lines.slice(-2)).toEqual(['', '4 problems in 2 files']);
  });

  test('are counted in good English, and none are no text', () => {
    expect(
      renderDiagnostics([problem(spanOf(other, 'x'))])
        .split('\n')
        .at(-1),
    ).toBe('1 problem in 1 file');
    expect(
      renderDiagnostics([problem(undefined)])
        .split('\n')
        .at(-1),
    ).toBe('1 problem');
    expect(renderDiagnostics([])).toBe('');
  });
});
