import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

test('--version prints the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const output = execFileSync(process.execPath, ['build/src/cli.js', '--version'], { encoding: 'utf8' });
  expect(output).toBe(`${version}\n`);
});
