import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStateLog } from '../../sandbox/state-log.js';
import type { SnapshotRecord } from '../../sandbox/state.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'state-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = (): string => path.join(directory, 'state.log');
const endOfTick = (): Promise<void> => Promise.resolve();

function snapshot(id: string, description = ''): SnapshotRecord {
  return {
    id,
    owner: '123456789012',
    region: 'us-west-2',
    description,
    volumeId: 'vol-1',
    volumeGb: 8,
    kmsKeyArn: undefined,
    createdAt: 1,
    layers: ['layers/1'],
    state: 'completed',
    stateMessage: undefined,
    volumePermissions: [],
    tags: {},
  };
}

describe('the state on disk', () => {
  test('is what it was when the daemon died: added, changed and removed records', async () => {
    const log = openStateLog(directory);
    for (const id of ['snap-1', 'snap-2', 'snap-3']) {
      log.state.snapshots[id] = snapshot(id);
      log.changed('snapshots', id);
    }
    await endOfTick();
    log.state.snapshots['snap-2'] = snapshot('snap-2', 'changed');
    log.changed('snapshots', 'snap-2');
    delete log.state.snapshots['snap-3'];
    log.changed('snapshots', 'snap-3');
    log.state.baseBytes = 4096;
    log.changed('baseBytes');
    await endOfTick();
    const { state } = openStateLog(directory);
    expect(state.snapshots).toEqual({ 'snap-1': snapshot('snap-1'), 'snap-2': snapshot('snap-2', 'changed') });
    expect(state.baseBytes).toBe(4096);
  });

  test('grows by one line for each record that changed in a tick, whatever else there is', async () => {
    const log = openStateLog(directory);
    for (let number = 0; number < 100; number += 1) {
      log.state.snapshots[`snap-${number}`] = snapshot(`snap-${number}`);
      log.changed('snapshots', `snap-${number}`);
    }
    await endOfTick();
    const before = readFileSync(file(), 'utf8').length;
    for (let time = 0; time < 5; time += 1) log.changed('snapshots', 'snap-7');
    await endOfTick();
    const added = readFileSync(file(), 'utf8').slice(before);
    expect(added).toBe(`${JSON.stringify(['snapshots', 'snap-7', snapshot('snap-7')])}\n`);
  });

  test('is written anew when most of its lines are outdated', async () => {
    const log = openStateLog(directory);
    log.state.snapshots['snap-1'] = snapshot('snap-1');
    let longest = 0;
    for (let time = 0; time < 12_000; time += 1) {
      log.changed('snapshots', 'snap-1');
      await endOfTick();
      if (time % 1000 === 0) longest = Math.max(longest, readFileSync(file(), 'utf8').split('\n').length);
    }
    expect(longest).toBeLessThan(5100);
    expect(openStateLog(directory).state.snapshots).toEqual({ 'snap-1': snapshot('snap-1') });
  });

  test('forgets the line that was being written when the daemon died, and goes on after it', async () => {
    const log = openStateLog(directory);
    log.state.snapshots['snap-1'] = snapshot('snap-1');
    log.changed('snapshots', 'snap-1');
    await endOfTick();
    appendFileSync(file(), '["snapshots","snap-2",{"id":"sna');
    const next = openStateLog(directory);
    next.state.snapshots['snap-3'] = snapshot('snap-3');
    next.changed('snapshots', 'snap-3');
    await endOfTick();
    expect(Object.keys(openStateLog(directory).state.snapshots)).toEqual(['snap-1', 'snap-3']);
  });

  test('is taken over from the one file of earlier versions, with what its records did not say yet', () => {
    const old = { id: 'snap-1', region: 'us-west-2', layers: [], state: 'completed', tags: {} };
    const whole = path.join(directory, 'state.json');
    writeFileSync(whole, JSON.stringify({ format: 1, snapshots: { 'snap-1': old }, baseBytes: 1 }));
    const { state } = openStateLog(directory);
    expect(state.snapshots).toEqual({ 'snap-1': { ...old, owner: '123456789012', volumePermissions: [] } });
    expect(state.baseBytes).toBe(1);
    expect(existsSync(whole)).toBe(false);
    expect(openStateLog(directory).state.snapshots).toEqual(state.snapshots);
  });

  test('that cannot be read is an error, not an empty state', () => {
    writeFileSync(file(), 'not JSON\n');
    expect(() => openStateLog(directory)).toThrow(SyntaxError);
  });
});
