import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeJournal, type Journal } from '../../sandbox/journal.js';
import type { AwsRequest } from '../../sandbox/wire/aws-request.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const request: AwsRequest = {
  service: 'ec2',
  operation: 'DescribeImages',
  caller: { region: 'us-west-2', account: '123456789012', accessKeyId: 'AKIATEST' },
  body: '',
  rest: { method: 'POST', url: '/' },
};

const open = (): Journal => makeJournal({ directory, now: () => 7, fileCharacters: 2000, keptFiles: 3 });
const sequences = (journal: Journal, after: number, limit: number): number[] =>
  journal.read(after, limit).map(({ sequence }) => sequence);

test('tells of calls in the order in which they began, those that still run among them', () => {
  const journal = open();
  const first = journal.begin(request, 'r1');
  const second = journal.begin(request, 'r2');
  second.parameters({ MaxResults: 5 });
  second.end('OK');
  const entry = { time: 7, service: 'ec2', operation: 'DescribeImages', region: 'us-west-2', account: '123456789012' };
  const running = { ...entry, sequence: 1, accessKeyId: 'AKIATEST', requestId: 'r1' };
  const ended = { ...entry, sequence: 2, accessKeyId: 'AKIATEST', requestId: 'r2', parameters: { MaxResults: 5 } };
  expect(journal.read(0, 10)).toEqual([running, { ...ended, result: 'OK' }]);
  first.end('InternalError', 'a bug');
  expect(journal.read(0, 10)).toEqual([
    { ...running, result: 'InternalError', message: 'a bug' },
    { ...ended, result: 'OK' },
  ]);
});

test('pages without gaps or repeats over what is on disk and what is not', () => {
  const journal = open();
  for (let call = 1; call <= 20; call += 1) {
    const entry = journal.begin(request, 'r');
    if (call < 19) entry.end('OK');
  }
  expect(readdirSync(directory).length).toBeGreaterThan(1);
  expect(sequences(journal, 0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(sequences(journal, 8, 8)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  expect(sequences(journal, 16, 8)).toEqual([17, 18, 19, 20]);
  expect(sequences(journal, 20, 8)).toEqual([]);
});

test('keeps to its files, and forgets the oldest calls first', () => {
  const journal = open();
  for (let call = 1; call <= 200; call += 1) journal.begin(request, 'r').end('OK');
  expect(readdirSync(directory)).toHaveLength(3);
  const kept = sequences(journal, 0, 1000);
  expect(kept.at(-1)).toBe(200);
  expect(kept[0]).toBeGreaterThan(150);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => (kept[0] ?? 0) + index));
});
