import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('450 layers are looked up with three requests; one more asks how long they took before, one what instances cost', async () => {
  const numbers = Array.from({ length: 450 }, (_, at) => at + 1);
  const templates = numbers.map((number): [string, string] => [
    `templates/layer-${number}.yaml`,
    `${number === 1 ? 'base: al2023' : `extends: layer-${Math.floor(number / 2)}`}\nprovision: [{run: echo ${number}}]\n`,
  ]);
  const { report, calls } = await rig.project(Object.fromEntries(templates)).plan();
  expect(report.plan.items).toHaveLength(450);

  const looks = calls.filter(({ operation }) => operation !== 'GetProducts');
  expect(calls).toHaveLength(looks.length + 1);
  const asked = looks.map(({ operation, parameters }) => {
    const { Filters = [] } = parameters as { Filters?: { Name: string; Values: string[] }[] };
    return { operation, filters: Filters.map(({ Name, Values }) => [Name, Values.length]) };
  });
  expect(asked).toEqual([
    ...[200, 200, 50].map((values) => ({
      operation: 'DescribeImages',
      filters: [['tag:ami-layers:template-hash', values]],
    })),
    { operation: 'DescribeImages', filters: [['tag:ami-layers:latest', 1]] },
  ]);
  const hashes = looks
    .slice(0, 3)
    .flatMap(({ parameters }) => (parameters as { Filters: { Values: string[] }[] }).Filters[0]?.Values);
  expect(new Set(hashes)).toEqual(new Set(report.plan.items.map(({ templateHash }) => templateHash)));
});
