import { describe, expect, test } from '@jest/globals';
import { parseWorkflowCommand } from '../../sandbox/github/workflow-command.js';

const known = new Set(['error', 'group', 'endgroup', 'set-output']);
const parse = (line: string) => parseWorkflowCommand(line, known);

describe('a workflow command', () => {
  test('has a name, properties and data', () => {
    expect(parse('::error file=templates/a.yaml,line=3,col=5::unknown key "sofware"')).toEqual({
      name: 'error',
      properties: { file: 'templates/a.yaml', line: '3', col: '5' },
      data: 'unknown key "sofware"',
    });
  });

  test('may have neither properties nor data, and stand after white space', () => {
    expect(parse('  ::endgroup::')).toEqual({ name: 'endgroup', properties: {}, data: '' });
  });

  test('is decoded: data and properties have escapes of their own, and a percent sign comes last', () => {
    expect(parse('::error file=a%2Cb%3Ac.yaml::100%25 of%0Atwo lines, not %250A')).toEqual({
      name: 'error',
      properties: { file: 'a,b:c.yaml' },
      data: '100% of\ntwo lines, not %0A',
    });
  });

  test('loses properties without a value', () => {
    expect(parse('::error file=,line=2::x')?.properties).toEqual({ line: '2' });
  });

  test('has its properties as .NET splits them: only all of them together are trimmed', () => {
    expect(parse('::error  file=a, line=2,==col==5=6,=::x')?.properties).toEqual({
      file: 'a',
      ' line': '2',
      col: '5=6',
    });
    expect(parse('##[error  file=a]x')?.properties).toEqual({ ' file': 'a' });
  });

  test('may stand after what .NET takes for white space, and nothing else', () => {
    expect(parse('\u0085\u2028\u3000::error::x')?.data).toBe('x');
    expect(parse('\ufeff::error::x')).toBeUndefined();
    expect(parse('\u200b::error::x')).toBeUndefined();
  });

  test('in the old notation is the first of a line, or none', () => {
    expect(parse('##[unknown]x ##[error]y')).toBeUndefined();
    expect(parse('::unknown::x ##[error]y')?.data).toBe('y');
  });

  test('in the old notation works anywhere in a line', () => {
    expect(parse('[app] ##[set-output name=amis;other=1%3B2]{}')).toEqual({
      name: 'set-output',
      properties: { name: 'amis', other: '1;2' },
      data: '{}',
    });
  });

  test.each(['[app] ::error::not at the start', '::unknown::x', '::error without an end', '##[unknown]x', 'plain', ''])(
    'is not in %j',
    (line) => {
      expect(parse(line)).toBeUndefined();
    },
  );
});
