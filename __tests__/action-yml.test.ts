import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseInputs } from '../src/inputs.js';

interface ActionFile {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>;
  readonly outputs: Record<string, { readonly description: string }>;
  readonly runs: { readonly using: string; readonly main: string; readonly post: string };
}

const action = parse(readFileSync('action.yml', 'utf8')) as ActionFile;

describe('action.yml', () => {
  test('main and post are one bundle that Node 24 runs', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/index.js' });
  });

  test('every input has a default, so that a workflow may leave all of them out', () => {
    const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
    expect(defaults).toEqual({
      command: 'build',
      templates: 'templates',
      layers: '',
      architectures: '',
      select: 'auto',
      base: '',
      'no-cache': 'false',
      reuse: 'any',
      scope: '',
      'allow-uncommitted': 'false',
      'aws-region': '',
      'role-to-assume': '',
      'role-session-name': '',
      'role-duration-seconds': '3600',
      audience: 'sts.amazonaws.com',
      'instance-profile': '',
      'security-group-ids': '',
      'subnet-ids': '',
      'instance-type': '',
      'chain-builds': 'false',
      'max-parallel': '4',
      spot: 'auto',
      'poll-interval-seconds': '3',
      'tag-latest': 'auto',
      comment: 'auto',
      'comment-id': 'default',
      'pr-number': '',
      'plan-file': 'ami-layers-plan.json',
      summary: 'true',
      annotations: 'true',
      'github-token': '${{ github.token }}',
      'working-directory': '.',
      'dry-run': 'false',
      'max-depth': '10',
      'fail-fast': 'false',
      'on-cancel': 'terminate',
      'max-wait-minutes': '',
      'takeover-after': '3m',
      'run-id': '',
      'older-than': '',
    });
  });

  test('the inputs are those that the action reads, and it takes their defaults', () => {
    const read: string[] = [];
    const parsed = parseInputs((name) => {
      read.push(name);
      return action.inputs[name]?.default ?? '';
    });
    expect(parsed).not.toHaveProperty('diagnostics');
    expect(read.sort()).toEqual(Object.keys(action.inputs).sort());
  });

  test('the outputs are the ones that workflows rely on', () => {
    expect(Object.keys(action.outputs)).toEqual([
      'result',
      'has-builds',
      'affected',
      'built',
      'reused',
      'failed',
      'blocked',
      'amis',
      'ami-id',
      'matrix',
      'comment-url',
    ]);
  });

  test('every input and output is described in whole sentences', () => {
    const undescribed = Object.entries({ ...action.inputs, ...action.outputs })
      .filter(([, { description }]) => !description.trim().endsWith('.') || description.length < 20)
      .map(([name]) => name);
    expect(undescribed).toEqual([]);
  });
});
