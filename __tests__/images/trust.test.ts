import { expect, test } from '@jest/globals';
import { leastTrust, mayChange, mayRelyOn } from '../../src/images/trust.js';

test.each([
  ['any', 'main', true],
  ['any', 'pr', true],
  ['trusted', 'main', true],
  ['trusted', 'pr', false],
] as const)('a run that reuses %s relies on what is of %s: %p', (reuse, trust, expected) => {
  expect(mayRelyOn({ reuse }, { trust })).toBe(expected);
});

test.each([
  ['main', 'main', true],
  ['main', 'pr', true],
  ['pr', 'pr', true],
  ['pr', 'main', false],
] as const)('a run of %s changes what is of %s: %p', (trust, of, expected) => {
  expect(mayChange({ trust }, { trust: of })).toBe(expected);
});

test('one source that is not trusted is enough', () => {
  expect(leastTrust('main', 'main')).toBe('main');
  expect(leastTrust('main', 'pr', 'main')).toBe('pr');
});
