import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProgram } from '../../src/cli/program.js';

let directory: string;

beforeAll(() => {
  directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'ami-sandbox-')));
});

afterAll(async () => {
  await type('stop');
  rmSync(directory, { recursive: true });
});

interface Printed {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** `ami-layers sandbox …` in the directory; ports are `<port>`, and the disk's free space is `<free>`. */
async function type(...words: readonly string[]): Promise<Printed> {
  return typeWith({}, ...words);
}

async function typeWith(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Printed> {
  const lines: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] };
  let status = -1;
  const program = createProgram(
    {
      out: (line) => lines.out.push(line),
      data: (text) => lines.out.push(text),
      err: (line) => lines.err.push(line),
      env,
      setEnv: () => undefined,
      directory,
      signal: new AbortController().signal,
      version: '0.0.0',
    },
    (ended) => {
      status = ended;
    },
  );
  for (const command of withSubcommands(program)) command.exitOverride();
  await program.parseAsync(['node', 'ami-layers', 'sandbox', ...words]);
  const steady = (text: readonly string[]): string =>
    text
      .join('\n')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
      .replace(/AKIA\d{12}[0-9A-F]{4}\b/g, '<key>')
      .replace(/(?<=SECRET_ACCESS_KEY\W+)[\w+/]{40}\b/g, '<secret>')
      .replace(/\d+ [MG]iB available/, '<free> available')
      .replaceAll(directory, '<directory>');
  return { status, out: steady(lines.out), err: steady(lines.err) };
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

const EXPORTS = [
  'export AWS_ENDPOINT_URL=http://127.0.0.1:<port>',
  'export AWS_ACCESS_KEY_ID=<key>',
  'export AWS_SECRET_ACCESS_KEY=<secret>',
  'export AWS_EC2_METADATA_DISABLED=true',
  'export AWS_REGION=us-west-2',
  'export AWS_DEFAULT_REGION=us-west-2',
];
const NONE_RUNS = {
  status: 1,
  out: '',
  err: 'error: no sandbox runs in <directory>/.sandbox (bad-input)\nFix: start one: ami-layers sandbox start.\n\n1 problem',
};

test('nothing runs before it was started', async () => {
  expect(await type('status')).toEqual(NONE_RUNS);
  expect(await type('env')).toEqual(NONE_RUNS);
  expect(await type('stop')).toEqual({ status: 0, out: 'No sandbox runs in <directory>/.sandbox.', err: '' });
  expect(readdirSync(directory)).toEqual([]);
});

test('it is started once, prints what a shell evaluates, and stays until it is stopped', async () => {
  const out = EXPORTS.join('\n');
  expect(await type('start')).toEqual({ status: 0, out, err: 'Sandbox at http://127.0.0.1:<port>.' });
  expect(await type('start')).toEqual({
    status: 0,
    out,
    err: 'Sandbox at http://127.0.0.1:<port>, which was running already.',
  });
  expect(await type('env')).toEqual({ status: 0, out, err: '' });
  const status = await type('status');
  expect({ ...status, out: status.out.split('\n') }).toEqual({
    status: 0,
    out: [
      'endpoint   http://127.0.0.1:<port>',
      'directory  <directory>/.sandbox',
      'base       machine',
      // Whether it can be had is the machine's matter.
      expect.stringMatching(/^metadata {3}(answers|cannot be had on this machine)$/),
      'images     0',
      'instances  0',
      'disk       less than 1 MiB used, <free> available',
    ],
    err: '',
  });
  expect(readFileSync(path.join(directory, '.sandbox/.gitignore'), 'utf8')).toBe('*\n');
  expect(await type('start', '--port', '9', '--base', 'directory:root')).toEqual({
    status: 1,
    out: '',
    err:
      'error: --port 9 --base directory:<directory>/root: the sandbox runs already, at http://127.0.0.1:<port> with base machine (bad-input)\n' +
      'Fix: stop it first: ami-layers sandbox stop.\n\n1 problem',
  });
  expect(await type('stop')).toEqual({ status: 0, out: 'Stopped. Images stay in <directory>/.sandbox.', err: '' });
  expect(await type('status')).toEqual(NONE_RUNS);
});

test('what stands in the way of its variables is unset, and the Region is the user’s', async () => {
  await type('start');
  const { out } = await typeWith({ AWS_PROFILE: 'work', AWS_REGION: 'eu-central-1' }, 'env');
  expect(out.split('\n').slice(4)).toEqual([
    'export AWS_REGION=eu-central-1',
    'export AWS_DEFAULT_REGION=eu-central-1',
    'unset AWS_PROFILE',
  ]);
  const { out: json } = await type('env', '--json');
  expect(JSON.parse(json)).toEqual({
    endpoint: 'http://127.0.0.1:<port>',
    environment: Object.fromEntries(EXPORTS.map((line) => line.replace('export ', '').split('='))),
  });
});

test('a reset says what it removed, also when nothing runs', async () => {
  const removed = { status: 0, out: 'Removed: 0 images, 0 instances.', err: '' };
  expect(await type('reset')).toEqual(removed);
  await type('stop');
  expect(await type('reset')).toEqual(removed);
  expect(await type('status')).toEqual(NONE_RUNS);
});

test.each([
  ['--port', '0', 'It takes a whole number from 1 to 65535.'],
  ['--port', 'http', 'It takes a whole number from 1 to 65535.'],
  ['--base', 'al2023', 'It is machine, directory:<path>, or image:<name>.'],
])('start %s %s is refused', async (flag, value, why) => {
  await expect(type('start', flag, value)).rejects.toThrow(why);
});
