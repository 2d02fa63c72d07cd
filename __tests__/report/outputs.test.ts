import { describe, expect, test } from '@jest/globals';
import { makeMatrix } from '../../src/report/matrix.js';
import { makeOutputs } from '../../src/report/outputs.js';
import { because, built, imageId, imageRecord, plan, report, results } from './example-report.js';
import * as examples from './examples.js';

describe('the outputs of the action', () => {
  test('say what became of each layer', () => {
    expect(makeOutputs(examples.failedCheck)).toEqual({
      values: {
        result: 'failure',
        'has-builds': 'true',
        affected: '["runtime","app"]',
        built: '["tools"]',
        reused: '["base"]',
        failed: '["runtime"]',
        blocked: '["app"]',
        amis: JSON.stringify({ base: imageRecord('base').imageId, tools: imageId('tools') }),
        'ami-id': '',
        matrix: makeMatrix(examples.failedCheck.plan).json,
      },
      warnings: [],
    });
  });

  test('name a variant where its layer has several', () => {
    expect(makeOutputs(examples.twoArchitectures).values).toEqual({
      result: 'success',
      'has-builds': 'true',
      affected: '["app"]',
      built: '["app"]',
      reused: '["base/x86_64","base/arm64"]',
      failed: '[]',
      blocked: '[]',
      amis: JSON.stringify({
        'base/x86_64': imageRecord('base').imageId,
        'base/arm64': imageRecord('base', 'arm64').imageId,
        app: imageId('app'),
      }),
      'ami-id': '',
      matrix: '{"include":[{"layer":"app","architecture":"arm64","region":"us-east-1"}]}',
    });
  });

  test('are all there when there was nothing to do', () => {
    expect(makeOutputs(examples.nothingAffected).values).toEqual({
      result: 'nothing-to-do',
      'has-builds': 'false',
      affected: '[]',
      built: '[]',
      reused: '[]',
      failed: '[]',
      blocked: '[]',
      amis: '{}',
      'ami-id': '',
      matrix: '{"include":[]}',
    });
  });

  test('have the images of a plan that are there already', () => {
    expect(makeOutputs(examples.planned).values.amis).toBe(JSON.stringify({ base: imageRecord('base').imageId }));
  });

  test('have one image id when one layer stands at the end of the chain', () => {
    const chain = report({
      plan: plan(
        { name: 'base', reasons: [because.noImage('base')] },
        { name: 'app', parent: 'base', reasons: [because.noImage('app')] },
      ),
      results: results(['base/x86_64', built('base', 1)], ['app/x86_64', built('app', 1)]),
    });
    expect(makeOutputs(chain).values['ami-id']).toBe(imageId('app'));
  });

  test('are empty, with a warning, when the next step could not take them', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `layer-${index}`.padEnd(60, 'x'));
    const large = report({
      plan: plan(...names.map((name) => ({ name, reasons: [because.noImage(name)] }))),
      results: results(...names.map((name) => [`${name}/x86_64`, built(name, 1)] as const)),
    });
    const { values, warnings } = makeOutputs(large);
    expect([values.built, values.amis, values.result]).toEqual(['', '', 'success']);
    expect(warnings.filter((warning) => !warning.includes('matrix'))).toEqual([
      'the output "built" is empty: it would be longer than 100000 bytes',
      'the output "amis" is empty: it would be longer than 100000 bytes',
    ]);
  });
});
