import { expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayerLogs } from '../../src/workspace/layer-logs.js';

const folder = mkdtempSync(join(tmpdir(), 'layer-logs-'));
const noTrouble = (trouble: string): void => {
  throw new Error(trouble);
};

test('each layer’s lines are kept apart, and gone when all are removed', () => {
  const logs = createLayerLogs(join(folder, 'logs'), noTrouble);
  logs.add('app/x86_64', ['one', 'two']);
  logs.add('tool/x86_64', ['another']);
  logs.add('app/x86_64', []);
  logs.add('app/x86_64', ['three']);
  expect(logs.read('app/x86_64', 1000)).toEqual({ lines: ['one', 'two', 'three'], leftOutBytes: 0 });
  expect(logs.read('tool/x86_64', 1000)).toEqual({ lines: ['another'], leftOutBytes: 0 });
  logs.remove();
  expect(existsSync(join(folder, 'logs'))).toBe(false);
});

test('of a log that is too long the end is read, whole lines only', () => {
  const logs = createLayerLogs(join(folder, 'long'), noTrouble);
  logs.add('app', ['12345', '1234567', 'end']);
  expect(logs.read('app', 9)).toEqual({ lines: ['end'], leftOutBytes: 14 });
});

test('what cannot be written is said once, and costs nothing else', () => {
  writeFileSync(join(folder, 'file'), '');
  const troubles: string[] = [];
  const logs = createLayerLogs(join(folder, 'file', 'logs'), (trouble) => troubles.push(trouble));
  logs.add('app', ['one']);
  logs.add('app', ['two']);
  expect(logs.read('app', 10)).toEqual({ lines: [], leftOutBytes: 0 });
  logs.remove();
  expect(troubles).toEqual([expect.stringMatching(/^the logs of the layers are not kept: (Error: )?(ENOTDIR|EEXIST)/)]);
  rmSync(folder, { recursive: true });
});
