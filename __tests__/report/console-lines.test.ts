import { expect, test } from '@jest/globals';
import type { BuildEvent } from '../../src/build/events.js';
import { makeConsoleLines } from '../../src/report/console-lines.js';
import { because, built, failed, imageId, imageRecord, plan, reused, spanIn } from './example-report.js';

const lines = makeConsoleLines(
  plan(
    { name: 'runtime', reasons: [because.noImage('runtime')] },
    { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
  ),
);
const key = 'app/x86_64';
const text = 'name: app\nprovision:\n  - name: install\n';

test.each<[string, BuildEvent, readonly string[]]>([
  [
    'a phase and where it is',
    { kind: 'phase', key, phase: 'launch', detail: 'c7i.large in us-east-1a' },
    ['[app]     launching a builder: c7i.large in us-east-1a'],
  ],
  ['a phase without more', { kind: 'phase', key, phase: 'seal', detail: '' }, ['[app]     sealing']],
  [
    'a step that starts',
    { kind: 'step-started', key, name: 'install', index: 1, count: 3 },
    ['[app]     ▸ 1/3 install'],
  ],
  [
    'output, made harmless and line by line',
    { kind: 'output', key, text: 'one\r\n\u001b[31m::error::two\u001b[0m\n\nthree ##[group]x\n' },
    ['[app]       one', '[app]       ::error::two', '[app]', '[app]       three ##[group]x'],
  ],
  [
    'a step that went well',
    { kind: 'step-finished', key, name: 'install', exitCode: 0, durationMs: 12_000 },
    ['[app]     ✓ install (12 s)'],
  ],
  [
    'a step that did not',
    { kind: 'step-finished', key, name: 'install', exitCode: 100, durationMs: 400 },
    ['[app]     ✗ exited 100: install (0.4 s)'],
  ],
  ['a long wait', { kind: 'waiting', key, detail: 'snapshot 45 %' }, ['[app]     … snapshot 45 %']],
  ['a warning', { kind: 'warning', key, message: 'spot was refused' }, ['[app]     ⚠️ spot was refused']],
  ['an image', { kind: 'outcome', key, outcome: built('app', 18) }, [`[app]     🔨 built ${imageId('app')} (18 m)`]],
  [
    'an image that was there',
    { kind: 'outcome', key, outcome: reused('app') },
    [`[app]     ♻️ reused ${imageRecord('app').imageId}`],
  ],
  [
    'an image that was there and was checked again',
    { kind: 'outcome', key, outcome: { ...reused('app'), validated: true } },
    [`[app]     ♻️ reused ${imageRecord('app').imageId}, checks passed`],
  ],
  [
    'a layer that another one ended',
    { kind: 'outcome', key, outcome: { kind: 'cancelled', after: 'runtime/x86_64', durationMs: 3_000 } },
    ['[app]     ⏹️ cancelled because runtime failed (3.0 s)'],
  ],
  [
    'a failure, where, why, and what to do',
    {
      kind: 'outcome',
      key,
      outcome: failed({
        step: {
          name: 'install',
          index: 1,
          count: 3,
          exitCode: 100,
          span: spanIn('templates/app.yml', text, 'install'),
        },
      }),
    },
    [
      '[app]     ❌ failed: step 1/3 "install" exited 100 (templates/app.yml:3:11)',
      '[app]       the step "install" exited with code 100',
      '[app]       Fix: change the step and push again',
    ],
  ],
  [
    'a layer that another one blocks',
    { kind: 'outcome', key, outcome: { kind: 'blocked', by: 'runtime/x86_64' } },
    ['[app]     ⏭️ blocked by runtime'],
  ],
  [
    'a layer that failed by itself before its parent was rejected',
    {
      kind: 'outcome',
      key,
      outcome: {
        kind: 'blocked',
        by: 'runtime/x86_64',
        failure: {
          phase: 'steps',
          message: 'step 1/1 "break" exited 3',
          fix: 'mend it',
          step: { name: 'break', index: 1, count: 1, exitCode: 3, span: undefined },
          logTail: [],
        },
      },
    },
    ['[app]     ⏭️ blocked by runtime, and its own step 1/1 "break" exited 3'],
  ],
  [
    'a layer that was cancelled',
    { kind: 'outcome', key, outcome: { kind: 'cancelled', durationMs: 61_000 } },
    ['[app]     ⏹️ cancelled (1 m 01 s)'],
  ],
])('the console shows %s', (_, event, expected) => {
  expect(lines(event)).toEqual(expected);
});

test('the console names the architecture when a layer has several', () => {
  const several = makeConsoleLines(
    plan({ name: 'base', architectures: ['x86_64', 'arm64'], reasons: [because.noImage('base')] }),
  );
  expect(several({ kind: 'waiting', key: 'base/arm64', detail: 'a' })).toEqual(['[base (arm64)]  … a']);
});
