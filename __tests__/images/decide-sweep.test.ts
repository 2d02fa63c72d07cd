import { describe, expect, test } from '@jest/globals';
import { decideSweep, isUnfinished, type Found, type SweepRules, type Verdict } from '../../src/images/decide-sweep.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import type { InstanceRecord } from '../../src/images/instance-record.js';
import { image } from '../images.js';
import { instance } from '../instances.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;
const RULES: SweepRules = { now: NOW, runs: [], olderThanMs: undefined };

/** A builder an hour old with an hour to live, but for what a test says otherwise. */
function builder(parts: Partial<InstanceRecord> = {}): Found {
  return { kind: 'instance', instance: instance({ launchedAt: NOW - HOUR, expiresAt: NOW + HOUR, ...parts }) };
}

function unfinished(parts: Partial<ImageRecord>, state = 'failed', stateReason?: string): Found {
  return {
    kind: 'image',
    image: image({
      layer: 'gromacs',
      templateHash: 'abc',
      buildState: 'building',
      availability: 'failed',
      state,
      stateReason,
      ...parts,
    }),
  };
}

function verdictOn(found: Found, rules: Partial<SweepRules> = {}): Verdict {
  const [judged] = decideSweep([found], { ...RULES, ...rules });
  return judged!.verdict;
}

describe('an instance ends', () => {
  test('when its time is over', () => {
    const expiresAt = NOW - 2 * HOUR;
    const expected: Verdict = { action: 'end', reason: { kind: 'expired', expiresAt } };
    expect(verdictOn(builder({ expiresAt }))).toEqual(expected);
    expect(verdictOn(builder({ expiresAt, role: 'test', state: 'stopped' }))).toEqual(expected);
  });

  test('at the very millisecond, not before', () => {
    expect(verdictOn(builder({ expiresAt: NOW })).action).toBe('end');
    expect(verdictOn(builder({ expiresAt: NOW + 1 })).action).toBe('keep');
  });

  test('when its run is named, expired or not', () => {
    expect(verdictOn(builder({ runId: '77' }), { runs: ['76', '77'] })).toEqual({
      action: 'end',
      reason: { kind: 'of-run', runId: '77' },
    });
    expect(verdictOn(builder({ runId: '7' }), { runs: ['77'] }).action).toBe('keep');
    expect(verdictOn(builder({ runId: '' }), { runs: [''] }).action).toBe('keep');
  });

  test('when it is older than was asked, expired or not', () => {
    const old = builder({ launchedAt: NOW - 7 * HOUR, expiresAt: NOW + HOUR });
    expect(verdictOn(old, { olderThanMs: 6 * HOUR })).toEqual({
      action: 'end',
      reason: { kind: 'too-old', launchedAt: NOW - 7 * HOUR },
    });
    expect(verdictOn(old, { olderThanMs: 7 * HOUR }).action).toBe('keep');
  });
});

describe('an instance stays', () => {
  test('while its time is not over, and age and run say nothing', () => {
    expect(verdictOn(builder())).toEqual({
      action: 'keep',
      reason: { kind: 'not-expired', expiresAt: NOW + HOUR },
    });
  });

  test('when it does not say when it expires, until it is asked for by age or run', () => {
    const silent = builder({ expiresAt: undefined });
    expect(verdictOn(silent)).toEqual({ action: 'keep', reason: { kind: 'no-expiry' } });
    expect(verdictOn(silent, { olderThanMs: 60_000 }).action).toBe('end');
    expect(verdictOn(silent, { runs: ['77'] }).action).toBe('end');
  });

  test.each(['shutting-down', 'terminated'] as const)('when it is %s anyway', (state) => {
    expect(verdictOn(builder({ state, expiresAt: NOW - HOUR }), { runs: ['77'] })).toEqual({
      action: 'keep',
      reason: { kind: 'ending' },
    });
  });

  test('when EC2 is making an image with its hash, whichever comes first in the list', () => {
    const stopped = builder({ state: 'stopped', expiresAt: NOW - HOUR });
    const pending = unfinished({ imageId: 'ami-new', availability: 'pending' }, 'pending');
    const expected: Verdict = { action: 'keep', reason: { kind: 'being-imaged', imageId: 'ami-new' } };
    expect(decideSweep([stopped, pending], { ...RULES, runs: ['77'] })[0]).toEqual({
      found: stopped,
      verdict: expected,
    });
    expect(decideSweep([pending, stopped], RULES)[1]).toEqual({ found: stopped, verdict: expected });
  });

  test('for no pending image of another hash, no finished one, and never a test instance', () => {
    const expired = { expiresAt: NOW - HOUR };
    const pending = unfinished({ availability: 'pending' }, 'pending');
    const done = unfinished({ availability: 'available' }, 'available');
    expect(decideSweep([builder({ ...expired, templateHash: 'def' }), pending], RULES)[0]?.verdict.action).toBe('end');
    expect(decideSweep([builder(expired), done], RULES)[0]?.verdict.action).toBe('end');
    expect(decideSweep([builder({ ...expired, role: 'test' }), pending], RULES)[0]?.verdict.action).toBe('end');
  });
});

describe('an image', () => {
  test.each(['failed', 'error', 'invalid'])('that EC2 calls %s goes', (state) => {
    expect(verdictOn(unfinished({}, state, 'snapshot limit'))).toEqual({
      action: 'end',
      reason: { kind: 'broken', state, stateReason: 'snapshot limit' },
    });
  });

  test('that was rejected goes too, when EC2 lost it', () => {
    expect(verdictOn(unfinished({ buildState: 'rejected' })).action).toBe('end');
  });

  test.each(['built', 'validated'] as const)('that was once %s stays, whatever EC2 says of it', (buildState) => {
    expect(verdictOn(unfinished({ buildState }, 'invalid'))).toEqual({
      action: 'keep',
      reason: { kind: 'finished-once', buildState, state: 'invalid' },
    });
  });

  test.each(['disabled', 'deregistered'])('that somebody made %s stays', (state) => {
    expect(verdictOn(unfinished({}, state))).toEqual({ action: 'keep', reason: { kind: 'taken-away', state } });
  });

  test('that is on its way stays, whatever its age and run', () => {
    const rules = { runs: ['1'], olderThanMs: 1 };
    expect(verdictOn(unfinished({ availability: 'pending' }, 'pending'), rules)).toEqual({
      action: 'keep',
      reason: { kind: 'pending' },
    });
    expect(verdictOn(unfinished({ availability: 'available' }, 'available'), rules)).toEqual({
      action: 'keep',
      reason: { kind: 'resumable' },
    });
  });

  test('is not even looked at when it is finished', () => {
    const finished = (parts: Partial<ImageRecord>) =>
      isUnfinished(image({ layer: 'gromacs', templateHash: 'abc', ...parts }));
    expect(finished({ buildState: 'validated' })).toBe(false);
    expect(finished({ buildState: 'built' })).toBe(true);
    expect(finished({ buildState: 'rejected' })).toBe(false);
    expect(finished({ buildState: 'validated', availability: 'failed' })).toBe(true);
  });
});
