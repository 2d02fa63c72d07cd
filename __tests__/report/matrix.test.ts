import { describe, expect, test } from '@jest/globals';
import { makeMatrix, MOST_JOBS } from '../../src/report/matrix.js';
import { makeOutputs } from '../../src/report/outputs.js';
import { because, plan, report } from './example-report.js';
import * as examples from './examples.js';

describe('the matrix of a plan', () => {
  test('has one job for each variant that is built, parents first', () => {
    expect(JSON.parse(makeMatrix(examples.allBuilt.plan).json)).toEqual({
      include: ['base', 'runtime', 'tools', 'app'].map((layer) => ({
        layer,
        architecture: 'x86_64',
        region: 'us-east-1',
      })),
    });
  });

  test('has none for what is there', () => {
    expect(makeMatrix(examples.allReused.plan)).toEqual({ json: '{"include":[]}', warnings: [] });
  });

  test('has none, and `has-builds` says so, where nobody knows what is there: forks build nothing', () => {
    expect(makeOutputs(examples.fork).values).toMatchObject({ 'has-builds': 'false', matrix: '{"include":[]}' });
  });

  test('has no more jobs than GitHub runs, and keeps those that bring others along', () => {
    const names = Array.from({ length: MOST_JOBS + 1 }, (_, index) => `layer-${index}`);
    const large = report({ plan: plan(...names.map((name) => ({ name, reasons: [because.noImage(name)] }))) });
    const { values, warnings } = makeOutputs(large);
    const { include } = JSON.parse(values.matrix ?? '') as { readonly include: readonly { readonly layer: string }[] };
    expect([include.length, include[0]?.layer, include.at(-1)?.layer]).toEqual([256, 'layer-1', 'layer-256']);
    expect(warnings).toEqual([
      'the output "matrix" has 256 of 257 layers, as many as GitHub allows: ' +
        'the first ones are built by the jobs of what stands on them, or by the next run',
    ]);
  });
});
