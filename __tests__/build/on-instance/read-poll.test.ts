import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { MARKER } from '../../../src/build/on-instance/layout.js';
import { readPoll } from '../../../src/build/on-instance/read-poll.js';
import { unpack } from '../../../src/build/unpack.js';

const answer = (log: Uint8Array): string =>
  `${MARKER} alive=1 bytes=5 from=0\nstart 1 0 7\nlog 5 ${gzipSync(log).toString('base64')}\n`;

test('what a runner says of itself', () => {
  expect(readPoll(answer(Buffer.from('hello')))).toEqual({
    alive: true,
    logBytes: 5,
    logFrom: 0,
    events: [{ kind: 'start', number: 1, logBytes: 0, at: 7 }],
    log: Buffer.from('hello'),
  });
});

test('a log that unpacks to more than any runner sends is no answer', () => {
  expect(readPoll(answer(Buffer.alloc(65_536)))?.log).toHaveLength(65_536);
  expect(readPoll(answer(Buffer.alloc(65_537)))).toBeUndefined();
  expect(readPoll(answer(Buffer.alloc(64 * 1024 * 1024)))).toBeUndefined();
});

test('nothing is unpacked beyond its limit, and what is not packed is nothing', () => {
  expect(unpack(gzipSync('four'), 4)?.toString()).toBe('four');
  expect(unpack(gzipSync('fives'), 4)).toBeUndefined();
  expect(unpack(Buffer.from('plain'), 1000)).toBeUndefined();
});
