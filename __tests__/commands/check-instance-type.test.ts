import { expect, test } from '@jest/globals';
import { checkInstanceType } from '../../src/commands/check-instance-type.js';
import { graphOf } from '../repository.js';
import { optionsOf } from '../scenarios/rig.js';

test('an instance type for the run must fit a layer', () => {
  const check = (instanceType: string | undefined, template: string) => () => {
    const placement = { ...optionsOf().placement, instanceType };
    checkInstanceType({ placement }, graphOf({ 'templates/a.yaml': template }));
  };
  const both = 'architectures: [x86_64, arm64]\n';
  expect(check('c7g.large', 'gpu: false\n')).toThrow(
    'the instance type c7g.large is arm64, but every layer is built for x86_64',
  );
  expect(check('c7i.large', 'gpu: false\n')).not.toThrow();
  expect(check('c7g.large', both)).not.toThrow();
  expect(check(undefined, both)).not.toThrow();
});
