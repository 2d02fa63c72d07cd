import { expect, test } from '@jest/globals';
import { lowerBound, makeRecordIndex } from '../../sandbox/record-index.js';

test('records are found by what they are filed under, in the order of their ids', () => {
  const index = makeRecordIndex();
  index.file('c', ['red', 'round']);
  index.file('a', ['red']);
  index.file('b', ['round']);
  expect([index.idsOf('red'), index.idsOf('round'), index.idsOf('blue')]).toEqual([['a', 'c'], ['b', 'c'], []]);
});

test('filing a record again replaces what it was filed under, and nothing takes it out', () => {
  const index = makeRecordIndex();
  index.file('a', ['red', 'round']);
  index.file('b', ['red']);
  index.file('a', ['blue', 'round', 'round']);
  expect([index.idsOf('red'), index.idsOf('round'), index.idsOf('blue')]).toEqual([['b'], ['a'], ['a']]);
  index.file('a', []);
  expect([index.idsOf('round'), index.idsOf('blue')]).toEqual([[], []]);
});

test.each([
  ['a', 0],
  ['b', 0],
  ['c', 1],
  ['d', 1],
  ['e', 2],
])('the lower bound of %s among b and d is %i', (id, at) => {
  expect(lowerBound(['b', 'd'], id)).toBe(at);
});
