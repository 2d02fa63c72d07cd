import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leavePlan } from '../../src/action/leave-plan.js';
import { makeOwnFolder, writeOwnFile } from '../../src/workspace/own-files.js';
import { createLayerLogs } from '../../src/workspace/layer-logs.js';
import { typeIn } from '../cli/terminal.js';
import { temporaryFolder } from './temporary-folder.js';

/** A folder as a repository may have it, with links under names that are going to be written. */
function hostile() {
  const outside = temporaryFolder({ 'victim.txt': 'untouched' });
  const root = temporaryFolder({ 'kept.txt': 'kept', 'templates/app.yaml': 'provision: [{run: ls}]\n' });
  symlinkSync(outside, join(root, 'out'));
  symlinkSync(join(outside, 'victim.txt'), join(root, 'file'));
  symlinkSync(join(outside, 'new.txt'), join(root, 'dangling'));
  return { root, outside, untouched: () => [readdirSync(outside), readFileSync(join(outside, 'victim.txt'), 'utf8')] };
}
const UNTOUCHED = [['victim.txt'], 'untouched'];

test.each(['new', 'over', 'append'] as const)('nothing is written through a link (%s)', (how) => {
  const { root, untouched } = hostile();
  for (const path of ['out/a', 'out/deep/a', 'file', 'dangling']) {
    expect(() => writeOwnFile(root, path, { content: 'x', how })).toThrow(
      how === 'new' && !path.startsWith('out') ? 'EEXIST' : 'is a symbolic link',
    );
  }
  expect(untouched()).toEqual(UNTOUCHED);
});

test('a file is made, gone on with, written over, and made new only where there is none', () => {
  const { root } = hostile();
  const read = () => readFileSync(join(root, 'deep/a'), 'utf8');
  writeOwnFile(root, 'deep/a', { content: 'one', how: 'new' });
  expect(() => writeOwnFile(root, 'deep/a', { content: 'two', how: 'new' })).toThrow('EEXIST');
  writeOwnFile(root, 'deep/a', { content: ' more', how: 'append' });
  expect(read()).toBe('one more');
  writeOwnFile(root, 'deep/a', { content: 'two', how: 'over' });
  expect(read()).toBe('two');
  expect(() => makeOwnFolder(root, 'out/logs')).toThrow('is a symbolic link');
  expect(existsSync(makeOwnFolder(root, 'logs/of/layers'))).toBe(true);
});

test('the plan takes the place of a link, and is not left behind one to a folder', () => {
  const { root, untouched } = hostile();
  const plan = { layers: [], problems: [] };
  expect(leavePlan(plan, { directory: root, path: 'file' })).toEqual([]);
  expect(lstatSync(join(root, 'file')).isFile()).toBe(true);
  expect(leavePlan(plan, { directory: root, path: 'out/plan.json' })).toEqual([
    `the plan was not left: ${join(root, 'out')} is a symbolic link: what is written there would go elsewhere. Fix: remove the link, or name another place.`,
  ]);
  expect(untouched()).toEqual(UNTOUCHED);
});

test('the log of a layer is not written through a link', () => {
  const { root, outside, untouched } = hostile();
  mkdirSync(join(root, 'logs'));
  symlinkSync(join(outside, 'victim.txt'), join(root, 'logs/app-x86_64.log'));
  const troubles: string[] = [];
  createLayerLogs(join(root, 'logs'), (trouble) => troubles.push(trouble)).add('app/x86_64', ['line']);
  expect(troubles).toEqual([expect.stringContaining('is a symbolic link')]);
  expect(untouched()).toEqual(UNTOUCHED);
});

test('what is exported is not written through a link', async () => {
  const { root, untouched } = hostile();
  const printed = await typeIn(root, 'export', 'app', '--format', 'packer', '--output', 'file');
  expect([printed.status, printed.err]).toEqual([1, expect.stringContaining('is a symbolic link')]);
  expect(untouched()).toEqual(UNTOUCHED);
});

test.each([
  [
    'is a symbolic link',
    (_root: string, sandbox: string) => symlinkSync(temporaryFolder({ 'daemon.json': '{}' }), sandbox),
  ],
  ['is no folder', (_root: string, sandbox: string) => writeFileSync(sandbox, '')],
  [
    'belongs to another user',
    (_root: string, sandbox: string) => {
      mkdirSync(sandbox);
      execFileSync('chown', ['65534', sandbox]);
    },
  ],
  [
    'is tracked by git, so it came with the repository',
    (root: string, sandbox: string) => {
      mkdirSync(sandbox);
      writeFileSync(join(sandbox, 'daemon.json'), '{"port": 1}');
      execFileSync('git', ['add', '--force', '.sandbox'], { cwd: root });
    },
  ],
  [
    'has a symbolic link in it, which no sandbox made',
    (_root: string, sandbox: string) => {
      mkdirSync(sandbox);
      symlinkSync('/etc/passwd', join(sandbox, 'daemon.log'));
    },
  ],
])('a folder that %s is no sandbox’s', async (why, make) => {
  const root = temporaryFolder({ 'templates/app.yaml': 'provision: [{run: ls}]\n' });
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  const sandbox = join(root, '.sandbox');
  make(root, sandbox);
  for (const words of [
    ['sandbox', 'status'],
    ['sandbox', 'start'],
    ['sandbox', 'stop'],
    ['plan', '--sandbox'],
  ]) {
    const printed = await typeIn(root, ...words);
    expect([printed.status, printed.out, printed.err]).toEqual([
      1,
      '',
      `error: the sandbox keeps nothing in ${sandbox}, which ${why} (bad-input)
Fix: look at what is there and remove it, or name another folder with \`ami-layers sandbox start --directory\`.

1 problem`,
    ]);
  }
});
