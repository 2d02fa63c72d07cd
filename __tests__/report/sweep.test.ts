import { describe, expect, test } from '@jest/globals';
import type { Found, Judged, Verdict } from '../../src/images/decide-sweep.js';
import type { InstanceRecord } from '../../src/images/instance-record.js';
import { sweepToJson } from '../../src/report/sweep-json.js';
import { renderSweep } from '../../src/report/sweep-lines.js';
import { sweepResultOf, type SweepReport, type SweepResult, type SweepRow } from '../../src/report/sweep-report.js';
import { renderSweepSummary } from '../../src/report/sweep-summary.js';
import { explainVerdict, renderSweepFailure } from '../../src/report/sweep-words.js';
import { image } from '../images.js';
import { instance } from '../instances.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function builder(parts: Partial<InstanceRecord>): Found {
  return { kind: 'instance', instance: instance({ launchedAt: NOW - 9 * HOUR, ...parts }) };
}

const broken: Judged = {
  found: {
    kind: 'image',
    image: image({
      layer: 'namd',
      templateHash: 'def',
      runId: '78',
      created: '2026-11-21T10:00:00.000Z',
      state: 'failed',
      stateReason: 'Client.InternalError: a | b',
    }),
  },
  verdict: {
    action: 'end',
    reason: { kind: 'broken', state: 'failed', stateReason: 'Client.InternalError: a | b' },
  },
};
const expired: Judged = {
  found: builder({}),
  verdict: { action: 'end', reason: { kind: 'expired', expiresAt: NOW - HOUR } },
};
const fresh: Judged = {
  found: builder({ instanceId: 'i-2', role: 'test', launchedAt: NOW - 10 * HOUR }),
  verdict: { action: 'keep', reason: { kind: 'not-expired', expiresAt: NOW + 40 * MINUTE } },
};

const row = (judged: Judged, result: SweepResult): SweepRow => ({ ...judged, result });

function report(parts: Partial<SweepReport> = {}): SweepReport {
  return {
    regions: ['us-west-2'],
    dryRun: false,
    rows: [row(fresh, 'kept'), row(broken, 'ended'), row(expired, 'ended')],
    leftovers: [],
    unread: [],
    apiCalls: { DescribeInstances: 1 },
    startedAt: NOW - 1_500,
    finishedAt: NOW,
    ...parts,
  };
}

const stuck = report({
  rows: [row(broken, 'ended'), row(expired, 'left')],
  regions: ['us-west-2', 'eu-west-1'],
  leftovers: [
    { kind: 'instance', id: 'i-1', region: 'us-west-2', why: 'TerminateInstances: no\n::error::' },
    { kind: 'snapshot', id: 'snap-1', region: 'us-west-2', why: 'missing-permissions' },
  ],
  unread: [{ region: 'eu-west-1', message: 'DescribeInstances: no (UnauthorizedOperation)', fix: 'allow it.' }],
});

describe('a sweep on the console', () => {
  test('says what ended and why, the oldest first, and what stays and why', () => {
    expect(renderSweep(report())).toEqual([
      'RESULT  WHAT     ID        REGION     LAYER    RUN  AGE   WHY',
      'ended   builder  i-1       us-west-2  gromacs  77   9 h   expired 1 h ago',
      'ended   image    ami-namd  us-west-2  namd     78   2 h   EC2 could not make it (failed: Client.InternalError: a | b)',
      'kept    test     i-2       us-west-2  gromacs  77   10 h  expires in 40 m',
      '',
      '2 ended, 1 kept.',
    ]);
  });

  test('puts what was left behind first, and says what did not work in safe lines', () => {
    expect(renderSweep(stuck)).toEqual([
      'RESULT       WHAT     ID        REGION     LAYER    RUN  AGE  WHY',
      'left behind  builder  i-1       us-west-2  gromacs  77   9 h  expired 1 h ago',
      'ended        image    ami-namd  us-west-2  namd     78   2 h  EC2 could not make it (failed: Client.InternalError: a | b)',
      '',
      '⚠️ left behind: instance i-1 in us-west-2: TerminateInstances: no ::error::',
      '⚠️ left behind: snapshot snap-1 in us-west-2: missing-permissions',
      '⚠️ eu-west-1 was not swept: DescribeInstances: no (UnauthorizedOperation). Fix: allow it.',
      '',
      '1 left behind, 1 ended.',
    ]);
  });

  test('says of a dry run that nothing was changed', () => {
    const lines = renderSweep(report({ dryRun: true, rows: [row(expired, 'would-end'), row(fresh, 'kept')] }));
    expect(lines.slice(1)).toEqual([
      'would end  builder  i-1  us-west-2  gromacs  77   9 h   expired 1 h ago',
      'kept       test     i-2  us-west-2  gromacs  77   10 h  expires in 40 m',
      '',
      'Dry run, nothing was changed: 1 would end, 1 kept.',
    ]);
  });

  test('says where it found nothing', () => {
    expect(renderSweep(report({ rows: [], regions: ['us-west-2', 'eu-west-1'] }))).toEqual([
      'Nothing to sweep in us-west-2, eu-west-1.',
    ]);
  });
});

describe('a sweep as a job summary', () => {
  test('has the table and the totals', () => {
    expect(renderSweepSummary(report())).toBe(
      `## ✅ AMI layers: 2 ended · 1 kept

| Result | What | Id | Region | Layer | Run | Age | Why |
|---|---|---|---|---|---|---|---|
| 🧹 ended | builder | \`i-1\` | us-west-2 | \`gromacs\` | \`77\` | 9 h | expired 1 h ago |
| 🧹 ended | image | \`ami-namd\` | us-west-2 | \`namd\` | \`78\` | 2 h | EC2 could not make it (failed: Client.InternalError: a &#124; b) |
| ⏳ kept | test | \`i-2\` | us-west-2 | \`gromacs\` | \`77\` | 10 h | expires in 40 m |

2 ended, 1 kept.
`,
    );
  });

  test('is short when there is nothing', () => {
    expect(renderSweepSummary(report({ rows: [], dryRun: true }))).toBe(
      '## ✅ AMI layers: nothing to sweep (dry run)\n\nNothing to sweep in us-west-2.\n',
    );
  });

  test('stays below the size at which the runner throws it away', () => {
    const text = renderSweepSummary(report({ rows: Array.from({ length: 20_000 }, () => row(broken, 'ended')) }));
    expect(Buffer.byteLength(text)).toBeLessThan(900 * 1024);
    expect(text).toContain('Not listed: 19500 rows more.');
  });
});

test('a sweep as JSON has every item with its reason, as data and in words', () => {
  expect(JSON.parse(sweepToJson(report({ rows: [row(expired, 'ended')] })))).toEqual({
    result: 'success',
    dryRun: false,
    regions: ['us-west-2'],
    items: [
      {
        result: 'ended',
        id: 'i-1',
        region: 'us-west-2',
        what: 'builder',
        layer: 'gromacs',
        runId: '77',
        since: '2026-11-21T03:00:00.000Z',
        reason: { kind: 'expired', expiresAt: NOW - HOUR },
        why: 'expired 1 h ago',
      },
    ],
    leftovers: [],
    unread: [],
    apiCalls: { DescribeInstances: 1 },
    seconds: 1.5,
  });
});

test('a sweep fails when something was left or a Region did not answer, and never because there was nothing', () => {
  const first = 'left behind: instance i-1 in us-west-2: TerminateInstances: no ::error::';
  expect([sweepResultOf(stuck), renderSweepFailure(stuck)]).toEqual(['failure', `${first} (and 2 more problems)`]);
  expect(sweepResultOf(report({ unread: stuck.unread }))).toBe('failure');
  expect([sweepResultOf(report()), renderSweepFailure(report())]).toEqual(['success', undefined]);
  expect(sweepResultOf(report({ rows: [row(fresh, 'kept')] }))).toBe('nothing-to-do');
  expect(sweepResultOf(report({ rows: [] }))).toBe('nothing-to-do');
});

test.each<[Verdict, string]>([
  [{ action: 'end', reason: { kind: 'of-run', runId: '4711' } }, 'of run 4711'],
  [{ action: 'end', reason: { kind: 'too-old', launchedAt: NOW - 7 * HOUR } }, 'launched 7 h ago'],
  [
    { action: 'end', reason: { kind: 'broken', state: 'error', stateReason: undefined } },
    'EC2 could not make it (error)',
  ],
  [{ action: 'keep', reason: { kind: 'no-expiry' } }, 'does not say when it expires'],
  [{ action: 'keep', reason: { kind: 'ending' } }, 'is ending already'],
  [{ action: 'keep', reason: { kind: 'being-imaged', imageId: 'ami-9' } }, 'its image ami-9 is still being made'],
  [{ action: 'keep', reason: { kind: 'pending' } }, 'EC2 is still making it'],
  [{ action: 'keep', reason: { kind: 'resumable' } }, 'the next build goes on with it'],
  [
    { action: 'keep', reason: { kind: 'finished-once', buildState: 'validated', state: 'invalid' } },
    'invalid, but it was validated: only half-made images are swept',
  ],
  [{ action: 'keep', reason: { kind: 'taken-away', state: 'disabled' } }, 'disabled by somebody on purpose'],
])('the verdict %j reads "%s"', (verdict, words) => {
  expect(explainVerdict(verdict, NOW)).toBe(words);
});
