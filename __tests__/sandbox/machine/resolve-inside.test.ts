import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveInside } from '../../../sandbox/machine/resolve-inside.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ami-root-'));
  mkdirSync(path.join(root, 'usr/bin'), { recursive: true });
  symlinkSync('bin', path.join(root, 'usr/sbin'));
  symlinkSync('/usr/sbin', path.join(root, 'sbin'));
  symlinkSync('../../../../etc', path.join(root, 'usr/out'));
  symlinkSync('loop', path.join(root, 'loop'));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

test.each([
  ['sbin', 'usr/bin'],
  ['/sbin/shutdown', 'usr/bin/shutdown'],
  ['usr/out/passwd', 'etc/passwd'],
  ['var/none', 'var/none'],
])('%s is %s of the same system', (wanted, found) => {
  expect(resolveInside(root, wanted)).toBe(path.join(root, found));
});

test('links in a circle are an error', () => {
  expect(() => resolveInside(root, 'loop')).toThrow(`too many symbolic links in loop of ${root}`);
});
