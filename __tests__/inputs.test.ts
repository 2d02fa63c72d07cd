import { describe, expect, test } from '@jest/globals';
import { parseInputs } from '../src/inputs.js';
import { DEFAULT_INPUTS } from './inputs.js';

const parse = (changes: Readonly<Record<string, string>> = {}) =>
  parseInputs((name) => changes[name] ?? DEFAULT_INPUTS[name] ?? '');

describe('the inputs', () => {
  test('are valid as action.yml has them', () => {
    expect(parse()).toMatchObject({
      inputs: { command: 'build', templates: ['templates'], select: 'auto', maxParallel: 4, summary: true },
    });
  });

  test('action.yml has exactly those that are read', () => {
    const read: string[] = [];
    parseInputs((name) => {
      read.push(name);
      return DEFAULT_INPUTS[name] ?? '';
    });
    expect(read.sort()).toEqual(Object.keys(DEFAULT_INPUTS).sort());
  });

  test('take lists by line and by comma', () => {
    expect(parse({ 'subnet-ids': 'subnet-1, subnet-2\nsubnet-3\n' })).toMatchObject({
      inputs: { subnetIds: ['subnet-1', 'subnet-2', 'subnet-3'] },
    });
  });

  test('take a time for older-than, and nothing for none', () => {
    expect(parse({ 'older-than': '6h', 'run-id': '77' })).toMatchObject({
      inputs: { olderThanMs: 21_600_000, runId: '77', dryRun: false },
    });
    expect(parse()).toMatchObject({ inputs: { olderThanMs: undefined, runId: undefined } });
    expect(parse({ 'older-than': 'soon' })).toEqual({
      diagnostics: [
        {
          code: 'bad-input',
          message: 'the input `older-than` is "soon"',
          fix: 'give a time such as 30m, 6h or 2d; see action.yml for what it takes.',
        },
      ],
    });
  });

  test.each([
    ['soon', 'give a time such as 30m, 6h or 2d'],
    ['5s', 'give at least 30s'],
  ])('refuse %s for takeover-after', (text, fix) => {
    expect(parse({ 'takeover-after': '30s' })).toMatchObject({ inputs: { takeoverAfterMs: 30_000 } });
    expect(parse({ 'takeover-after': text })).toEqual({
      diagnostics: [
        {
          code: 'bad-input',
          message: `the input \`takeover-after\` is "${text}"`,
          fix: `${fix}; see action.yml for what it takes.`,
        },
      ],
    });
  });

  test('report all their problems at once, with what is allowed', () => {
    expect(parse({ command: 'biuld', 'max-parallel': '0', summary: 'yes' })).toEqual({
      diagnostics: [
        {
          code: 'bad-input',
          message: 'the input `command` is "biuld"',
          fix: 'use one of: build, plan, report, sweep.',
        },
        {
          code: 'bad-input',
          message: 'the input `max-parallel` is "0"',
          fix: expect.stringContaining('>=1') as unknown,
        },
        { code: 'bad-input', message: 'the input `summary` is "yes"', fix: 'use one of: true, false.' },
      ],
    });
  });
});
