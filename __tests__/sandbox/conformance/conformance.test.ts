import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { CASES } from './cases.js';
import type { Client } from './client.js';
import { openJavaScript } from './javascript-client.js';
import { openPython, preparePython } from './python-client.js';
import { tellStory, type Told } from './tell-story.js';

const python = await preparePython();
if (python.kind === 'none') process.stderr.write(`conformance with boto3: skipped, ${python.why}\n`);

let directory: string;
let sandbox: Sandbox;
let clients: Client[] = [];
let javaScript: readonly Told[] = [];
let boto3: readonly Told[] = [];

/** Each in an account of its own, so that they do not meet. */
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  // A snapshot's full size is missing until the operating system was measured.
  await sandbox.control.storage();
  const options = { endpoint: sandbox.endpoint, region: 'us-west-2' };
  const first = openJavaScript({ ...options, key: await sandbox.control.accessKey('111111111111') });
  clients = [first];
  const second =
    python.kind === 'ready'
      ? openPython(python.program, { ...options, key: await sandbox.control.accessKey('222222222222') })
      : undefined;
  if (second !== undefined) clients.push(second);
  const given = { identity: { token: await sandbox.control.identityToken('repo:owner/name:ref:refs/heads/main') } };
  [javaScript, boto3] = await Promise.all([
    tellStory(CASES, first, given),
    second === undefined ? [] : tellStory(CASES, second, given),
  ]);
});

afterAll(async () => {
  for (const client of clients) client.close();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

describe('the JavaScript SDK is answered as the case says', () => {
  test.each(CASES.map((one, index) => [index + 1, one.operation, one.fails ?? 'answered', one] as const))(
    '%i. %s: %s',
    (position, _operation, _outcome, { fails, answers = {} }) => {
      expect(javaScript[position - 1]?.answer).toMatchObject(
        fails === undefined ? { kind: 'answered', value: answers } : { kind: 'refused', code: fails },
      );
    },
  );
});

const withBoto3 = python.kind === 'ready' ? describe : describe.skip;

withBoto3('boto3 is answered alike, field by field, and finds requests and answers as modelled', () => {
  test.each(CASES.map((one, index) => [index + 1, one.operation, one.fails ?? 'answered'] as const))(
    '%i. %s: %s',
    (position) => {
      expect(boto3[position - 1]).toEqual(javaScript[position - 1]);
    },
  );
});
