import { describe, expect, test } from '@jest/globals';
import { makeFilter } from '../../../sandbox/wire/filters.js';
import { pageOf } from '../../../sandbox/wire/paging.js';

const items = ['e', 'b', 'd', 'a', 'c', 'f', 'g'];
const itself = (item: string): string => item;

describe('pages', () => {
  test('together hold every item once, whatever comes and goes between them', () => {
    const first = pageOf(items, { MaxResults: 5 }, itself);
    expect(first.items).toEqual(['a', 'b', 'c', 'd', 'e']);
    const later = ['aa', ...items.filter((item) => item !== 'c')];
    expect(pageOf(later, { MaxResults: 5, NextToken: first.NextToken }, itself)).toEqual({ items: ['f', 'g'] });
  });

  test('have no token when they are the last, however full', () => {
    expect(pageOf(items, { MaxResults: 7 }, itself)).toEqual({ items: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] });
    expect(pageOf(items, {}, itself).NextToken).toBeUndefined();
  });

  test.each([{ MaxResults: 4 }, { MaxResults: 1001 }, { NextToken: 'not ours' }])('refuse %o', (request) => {
    expect(() => pageOf(items, request, itself)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue' }));
  });
});

describe('filters', () => {
  const resource = { name: 'a*b', tags: { Name: 'x', team: 'hpc' } };
  const fields = { name: ({ name }: typeof resource) => [name] };
  const matches = (Name: string, ...Values: string[]): boolean => makeFilter([{ Name, Values }], fields)(resource);

  test.each<[string, string[], boolean]>([
    ['name', ['a*b'], true],
    ['name', ['a\\*b'], true],
    ['name', ['a\\?b'], false],
    ['name', ['a?b'], true],
    ['name', ['A*B'], false],
    ['name', ['b', 'a*'], true],
    ['name', ['*.b'], false],
    ['name', [], false],
    ['tag:team', ['h?c'], true],
    ['tag:absent', ['*'], false],
    ['tag-key', ['te*'], true],
  ])('%s = %j gives %s', (name, values, wanted) => {
    expect(matches(name, ...values)).toBe(wanted);
  });

  test('must all hold', () => {
    const both = makeFilter(
      [
        { Name: 'name', Values: ['a*'] },
        { Name: 'tag:team', Values: ['web'] },
      ],
      fields,
    );
    expect(both(resource)).toBe(false);
  });

  test('are limited to 200 values each, 50 in all, and to names that exist', () => {
    const code = (filters: { Name: string; Values: string[] }[]): string => {
      try {
        makeFilter(filters, fields);
        return 'accepted';
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : 'bug';
      }
    };
    const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `v${index}`);
    expect([
      code([{ Name: 'name', Values: many(200) }]),
      code([{ Name: 'name', Values: many(201) }]),
      code(many(51).map((value) => ({ Name: 'name', Values: [value] }))),
      code([{ Name: 'constructor', Values: ['x'] }]),
    ]).toEqual(['accepted', 'FilterLimitExceeded', 'FilterLimitExceeded', 'InvalidParameterValue']);
  });
});
