import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { globSync } from 'tinyglobby';
import { DIAGNOSTIC_TITLES } from '../../src/diagnostics/diagnostic.js';
import { follow, pageOf, renewOutput } from './page.js';

const CODES = Object.keys(DIAGNOSTIC_TITLES).sort();

/** Mended by saying on the command line what AWS has to be asked for. */
const NEEDS_AWS = ['bad-input'];

test('every kind of diagnostic has a page, and every page a kind', () => {
  const pages = globSync(['docs/diagnostics/*.md', '!docs/diagnostics/README.md']);
  expect(pages.map((page) => posix.basename(page, '.md')).sort()).toEqual(CODES);
});

/** The pages are the golden files: `UPDATE_GOLDEN=1` writes what really comes out into them. */
describe.each(Object.entries(DIAGNOSTIC_TITLES))('the page of %s', (code, title) => {
  test('has its title, and an example that says what the page shows, and nothing once it is mended', () => {
    expect(readFileSync(pageOf(code), 'utf8').split('\n').slice(0, 3)).toEqual([
      `# ${code}`,
      '',
      `${title.charAt(0).toUpperCase()}${title.slice(1)}.`,
    ]);
    const { written, actual, codes, mended } = follow(pageOf(code));
    if (process.env.UPDATE_GOLDEN === '1') renewOutput(pageOf(code), actual);
    else expect(written).toBe(actual);
    expect(codes).toContain(code);
    if (!NEEDS_AWS.includes(code)) expect(mended).toBe('');
  });
});
