import { expect, test } from '@jest/globals';
import { spentUsd } from '../../src/build/spent.js';
import { savedUsd } from '../../src/plan/estimate.js';
import { NO_PRICES, quote, type Quote } from '../../src/plan/prices.js';
import { because, built, imageRecord, plan, results, timings } from '../report/example-report.js';

const two = plan(
  { name: 'runtime', reasons: [because.noImage('runtime')] },
  { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
);
const on = (instanceType: string): Quote | undefined =>
  quote({ instanceType, market: 'on-demand', region: 'us-east-1', zone: undefined }, NO_PRICES);
const quotesOf = () => ({ builder: on('c7i.4xlarge'), test: on('m7i.large') });
const GP3_HOUR = (8 * 0.08) / 730;

test('a run has cost its builders until they stop and its test instances, with their volumes', () => {
  const hours = { launch: 600, steps: 3_000, image: 100_000, validate: 1_800 };
  const done = results(['runtime/x86_64', built('runtime', 1), timings(0, hours)], ['app/x86_64', built('app', 1)]);
  expect(spentUsd(two, done, quotesOf)).toBeCloseTo(0.714 + GP3_HOUR + (0.1008 + GP3_HOUR) / 2, 5);
});

test('it says nothing where nothing was launched, or a price is missing', () => {
  expect(spentUsd(two, results(), quotesOf)).toBeUndefined();
  const done = results(['runtime/x86_64', built('runtime', 1), timings(0, { launch: 60 })]);
  expect(spentUsd(two, done, () => ({ builder: on('m99.large'), test: on('m7i.large') }))).toBeUndefined();
});

test('reuse saves what the image says that it cost, or what as long a build would cost', () => {
  const { items } = plan({ name: 'base', action: 'reuse', reasons: [because.found('base')] });
  const reused = (tags: Readonly<Record<string, string>>) =>
    items.map((item) => ({ ...item, action: { kind: 'reuse', image: { ...imageRecord('base'), tags } } as const }));
  expect(savedUsd(reused({ 'ami-layers:build-cost-usd': '0.2500' }), quotesOf)).toBe(0.25);
  expect(savedUsd(reused({}), quotesOf)).toBeCloseTo(((0.714 + GP3_HOUR) * 1_080) / 3_600, 5);
  expect(savedUsd(two.items, quotesOf)).toBeUndefined();
});
