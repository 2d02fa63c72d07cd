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

  test('report all their problems at once, with what is allowed', () => {
    expect(parse({ command: 'biuld', 'max-parallel': '0', summary: 'yes' })).toEqual({
      diagnostics: [
        { code: 'bad-input', message: 'the input `command` is "biuld"', fix: 'use one of: build, plan.' },
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
