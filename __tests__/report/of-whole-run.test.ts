import { expect, test } from '@jest/globals';
import { ofWholeRun } from '../../src/report/of-whole-run.js';
import { makeOutputs } from '../../src/report/outputs.js';
import type { RunReport } from '../../src/report/run-report.js';
import { because, imageRecord, plan, report, results, reused, RUN } from './example-report.js';

/** `app` is of a job of this run, `base` of an earlier one. */
function ended(costTag: string | undefined): RunReport {
  const found = plan(
    { name: 'base', action: 'reuse', reasons: [because.found('base')] },
    { name: 'app', parent: 'base', action: 'reuse', reasons: [because.template('app'), because.found('app')] },
  );
  const image = {
    ...imageRecord('app'),
    runId: RUN.id,
    tags: costTag === undefined ? {} : { 'ami-layers:build-cost-usd': costTag },
  };
  return report({
    plan: { items: found.items.map((item) => (item.key === 'app/x86_64' ? withImage(item, image) : item)) },
    results: results(['base/x86_64', reused('base')], ['app/x86_64', reused('app')]),
    cost: { costUsd: 0, savedUsd: 0.7 },
  });
}

function withImage<Item extends object>(item: Item, image: ReturnType<typeof imageRecord>) {
  return { ...item, action: { kind: 'reuse' as const, image } };
}

test('an image of another job of the run is built, in the time and for the money that it says', () => {
  const told = ofWholeRun(ended('0.5000'));
  expect(told.results.get('app/x86_64')?.outcome).toEqual({
    kind: 'built',
    imageId: imageRecord('app').imageId,
    durationMs: 1_080_000,
  });
  expect(told.results.get('base/x86_64')?.outcome).toMatchObject({ kind: 'reused' });
  expect(told.plan.items.map(({ reasons }) => reasons)).toEqual([
    [because.found('base')],
    [because.template('app'), { kind: 'built-by-job' }],
  ]);
  expect(told.cost?.costUsd).toBeCloseTo(0.5);
  expect(told.cost?.savedUsd).toBeCloseTo(0.2);
});

test('where an image does not say what it cost, nobody says what the run did', () => {
  expect(ofWholeRun(ended(undefined)).cost).toEqual({});
});

test('outputs are of one step, which has built nothing', () => {
  expect(makeOutputs(ended('0.5')).values).toMatchObject({ built: '[]', reused: '["base","app"]' });
});
