import type { PackageChange } from '../../src/images/manifest.js';
import type { RunReport } from '../../src/report/run-report.js';
import {
  because,
  built,
  failed,
  failedInstall,
  FORK_RUN,
  imageId,
  imageRecord,
  MAIN_RUN,
  plan,
  report,
  results,
  reused,
  RUN,
  spanIn,
  START,
  timings,
  type ExampleLayer,
} from './example-report.js';
import { afterFailedJobs } from './examples-of-jobs.js';

const TREE: readonly ExampleLayer[] = [
  { name: 'base', reasons: [because.template('base'), because.noImage('base')] },
  { name: 'runtime', parent: 'base', reasons: [because.parentRebuilt('base/x86_64')] },
  { name: 'tools', parent: 'base', reasons: [because.parentRebuilt('base/x86_64')] },
  { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
];

const REUSED_TREE: readonly ExampleLayer[] = TREE.map((layer) => ({
  ...layer,
  action: 'reuse',
  reasons: [because.found(layer.name)],
}));

const GIB = 2 ** 30;

/** `layer-001`, `layer-002`, … */
const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `layer-${String(index + 1).padStart(3, '0')}`);

const BUILD = { launch: 20, agent: 40, deliver: 2, steps: 420, seal: 10, stop: 45, image: 180, validate: 95 } as const;

export const allBuilt: RunReport = report({
  plan: plan(...TREE),
  results: results(
    ['base/x86_64', built('base', 13.5), timings(START + 4_000, BUILD)],
    ['runtime/x86_64', built('runtime', 13.6), timings(START + 816_000, BUILD)],
    ['tools/x86_64', built('tools', 14.1), timings(START + 817_000, BUILD)],
    ['app/x86_64', built('app', 13.4), timings(START + 1_640_000, BUILD)],
  ),
  apiCalls: { DescribeImages: 14, DescribeInstances: 61, RunInstances: 8, SendCommand: 40, CreateImage: 4 },
});

export const allReusedAndPromoted: RunReport = report({
  run: MAIN_RUN,
  plan: plan(...REUSED_TREE),
  results: results(
    ['base/x86_64', reused('base')],
    ['runtime/x86_64', reused('runtime')],
    ['tools/x86_64', reused('tools')],
    ['app/x86_64', reused('app')],
  ),
  promoted: ['base/x86_64', 'runtime/x86_64', 'tools/x86_64', 'app/x86_64'],
  apiCalls: { CreateTags: 4, DescribeImages: 2 },
  finishedAt: START + 2_300,
});

const CHANGES: readonly PackageChange[] = [
  { type: 'rpm', name: 'gcc', before: ['14.1.1-1.amzn2023'], after: ['14.2.1-7.amzn2023'] },
  { type: 'rpm', name: 'kernel', before: ['6.1.112'], after: ['6.1.112', '6.1.115'] },
  { type: 'rpm', name: 'python3.12', before: [], after: ['3.12.7'] },
  { type: 'rpm', name: 'python3.9', before: ['3.9.16'], after: [] },
];

const updates = (count: number): readonly PackageChange[] =>
  numbered(count).map((name) => ({ type: 'rpm', name, before: ['1.0'], after: ['1.1'] }));

/** The usual case: a pull request changes one layer, one other stands on it, and the rest is there already. */
export const typical: RunReport = report({
  plan: plan(
    { name: 'base', action: 'reuse', reasons: [because.found('base')] },
    { name: 'hardened', parent: 'base', action: 'reuse', reasons: [because.found('hardened')] },
    {
      name: 'runtime',
      parent: 'hardened',
      reasons: [because.template('runtime'), because.noImage('runtime')],
      packages: ['gcc', 'python3.12'],
      script: 'ldconfig\nsystemctl enable worker\n',
    },
    { name: 'tools', parent: 'hardened', action: 'reuse', reasons: [because.found('tools')] },
    { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')], script: 'make install\n' },
  ),
  results: results(
    ['base/x86_64', reused('base')],
    ['hardened/x86_64', reused('hardened')],
    ['runtime/x86_64', built('runtime', 13.6), timings(START + 4_000, BUILD)],
    ['tools/x86_64', reused('tools')],
    ['app/x86_64', built('app', 13.4), timings(START + 820_000, { ...BUILD, steps: 160, image: 240 })],
  ),
  cost: {
    costUsd: 0.194,
    savedUsd: 0.418,
    prices: [
      { market: 'on-demand', region: 'us-east-1', date: '2026-11-20' },
      { market: 'spot', region: 'us-east-1', date: '2026-11-20' },
    ],
  },
  storage: { images: 5, unknown: 0, bytes: 6.2 * GIB, newBytes: 1.1 * GIB, isExact: true },
  differences: new Map([
    [
      'runtime/x86_64',
      { against: imageId('runtime before'), packages: [...CHANGES, ...updates(41)], bytes: 212_000_000 },
    ],
    ['app/x86_64', { against: imageId('app before'), packages: [], bytes: 90_000 }],
  ]),
  apiCalls: { DescribeImages: 9, DescribeInstances: 31, RunInstances: 4, SendCommand: 20, CreateImage: 2 },
  finishedAt: START + 27 * 60_000,
});

/** The same while it goes on. */
export const halfDone: RunReport = {
  ...typical,
  unfinished: true,
  results: new Map([...typical.results].filter(([key]) => key !== 'app/x86_64')),
  differences: new Map(),
  finishedAt: START + 15 * 60_000,
};

export const allReused: RunReport = {
  ...allReusedAndPromoted,
  run: RUN,
  promoted: [],
  cost: { savedUsd: 0.74 },
  storage: { images: 3, unknown: 1, bytes: 5.1 * GIB, newBytes: 0, isExact: false },
};

const APP_TEXT = 'name: app\nextends: runtime\nprovision:\n  - name: install\n    run: dnf install -y libfoo2\n';

/** A step of `app` fails, and what stands on it is not reached. */
export const failedStep: RunReport = report({
  plan: plan(
    { name: 'base', action: 'reuse', reasons: [because.found('base')] },
    { name: 'runtime', parent: 'base', action: 'reuse', reasons: [because.found('runtime')] },
    {
      name: 'app',
      parent: 'runtime',
      reasons: [because.template('app')],
      templateText: APP_TEXT,
      script: 'dnf install -y libfoo2\n',
    },
    { name: 'app-gpu', parent: 'app', reasons: [because.parentRebuilt('app/x86_64')] },
    { name: 'app-gpu-debug', parent: 'app-gpu', reasons: [because.parentRebuilt('app-gpu/x86_64')] },
  ),
  results: results(
    ['base/x86_64', reused('base')],
    ['runtime/x86_64', reused('runtime')],
    [
      'app/x86_64',
      failedInstall(spanIn('templates/app.yml', APP_TEXT, 'install'), [
        'Last metadata expiration check: 0:00:12 ago on Wed Oct 14 09:01:31 2026.',
        'No match for argument: libfoo2',
        'Error: Unable to find a match: libfoo2',
      ]),
      timings(START + 4_000, { launch: 20, agent: 40, deliver: 2, steps: 95 }),
    ],
    ['app-gpu/x86_64', { kind: 'blocked', by: 'app/x86_64' }],
    ['app-gpu-debug/x86_64', { kind: 'blocked', by: 'app-gpu/x86_64' }],
  ),
  finishedAt: START + 3 * 60_000,
});

/** Somebody pressed "Cancel workflow" while `runtime` was built. */
export const cancelled: RunReport = report({
  plan: plan(...TREE),
  results: results(
    ['base/x86_64', built('base', 13.5), timings(START + 4_000, BUILD)],
    [
      'runtime/x86_64',
      { kind: 'cancelled', durationMs: 130_000 },
      timings(START + 816_000, { launch: 20, agent: 40, deliver: 2, steps: 68 }),
    ],
  ),
  finishedAt: START + 16 * 60_000,
});

/** A fork's pull request: no AWS, so that nothing is known of images. */
export const fork: RunReport = report({
  run: FORK_RUN,
  plan: plan(
    { name: 'base', reasons: [because.template('base'), because.notLookedUp('base')] },
    {
      name: 'app',
      parent: 'base',
      reasons: [{ kind: 'parent-affected', parent: 'base' }, because.notLookedUp('app')],
    },
  ),
  finishedAt: START + 700,
});

/** 400 changed templates, too many for all that could be said. */
export const fourHundred: RunReport = report({
  plan: plan(...numbered(400).map((name) => ({ name, reasons: [because.template(name), because.noImage(name)] }))),
  results: results(...numbered(400).map((name) => [`${name}/x86_64`, built(name, 6)] as const)),
});

const RUNTIME_TEXT =
  'name: runtime\nextends: base\nvalidate:\n  checks:\n    - {name: python, run: python3 --version}\n';

/** `runtime` does not pass a check, so `app` is blocked; `tools` had nothing to do with it. */
export const failedCheck: RunReport = report({
  plan: plan(
    { name: 'base', action: 'reuse', reasons: [because.found('base')] },
    { name: 'runtime', parent: 'base', reasons: [because.template('runtime')], templateText: RUNTIME_TEXT },
    { name: 'tools', parent: 'base', reasons: [because.noImage('tools')] },
    {
      name: 'app',
      parent: 'runtime',
      reasons: [{ kind: 'parent-affected', parent: 'runtime' }, because.parentRebuilt('runtime/x86_64')],
    },
  ),
  results: results(
    ['base/x86_64', reused('base')],
    [
      'runtime/x86_64',
      failed(
        {
          phase: 'validate',
          message: 'the check "python" expected output containing "3.12", and it was "Python 3.9.16"',
          fix: 'install what the check asks for, or change the check',
          step: {
            name: 'python',
            index: 1,
            count: 2,
            exitCode: 1,
            span: spanIn('templates/runtime.yml', RUNTIME_TEXT, '{name: python'),
          },
          logTail: ['$ python3 --version', 'Python 3.9.16'],
        },
        imageId('runtime'),
      ),
      timings(START + 4_000, BUILD),
    ],
    ['tools/x86_64', built('tools', 9), timings(START + 5_000, BUILD)],
    ['app/x86_64', { kind: 'blocked', by: 'runtime/x86_64' }],
  ),
  leftovers: [
    {
      kind: 'instance',
      id: 'i-0abc1234def567890',
      region: 'us-east-1',
      why: 'TerminateInstances: RequestLimitExceeded',
    },
  ],
  warnings: ['the role may not tag snapshots (ec2:CreateTags): they carry no tags'],
  apiCalls: { DescribeImages: 9 },
});

export const nothingAffected: RunReport = report({ plan: plan(), finishedAt: START + 800 });

export const twoArchitectures: RunReport = report({
  plan: plan(
    {
      name: 'base',
      architectures: ['x86_64', 'arm64'],
      action: 'validate',
      reasons: [{ kind: 'checks-changed', imageId: imageRecord('base').imageId }],
    },
    { name: 'app', parent: 'base', architectures: ['arm64'], reasons: [because.template('app')] },
  ),
  results: results(
    ['base/x86_64', { ...reused('base'), validated: true, durationMs: 95_000 }],
    ['base/arm64', { ...reused('base', 'arm64'), validated: true, durationMs: 101_000 }],
    ['app/arm64', built('app', 18)],
  ),
});

const HOSTILE_TEXT = [
  'name: "end"',
  'provision:',
  '  - name: "a | b `c` --> @everyone <img src=x onerror=1>"',
  '    run: "true"',
  '',
].join('\n');

/** Text that wants to be something else: markdown, HTML, a mention, a workflow command, a mermaid keyword. */
export const hostile: RunReport = report({
  plan: plan({
    name: 'end',
    reasons: [
      { kind: 'file-changed', path: 'scripts/`x` | <b>--> @everyone\n::error::no.sh', role: 'script' },
      { kind: 'file-changed', path: 'scripts/"quotes" and #1.sh', role: 'input' },
    ],
    templateText: HOSTILE_TEXT,
    packages: ['a"] --> n9[evil', '</code></pre><script>alert(1)</script>'],
    script: 'echo "```"\necho "::error::x" ##[error]\n# <!-- @everyone\n',
  }),
  results: results([
    'end/x86_64',
    failed({
      message: '::set-output name=amis::{} said "@everyone" | see #12 <!-- and --> **bold** [x](http://evil.example)',
      fix: 'do not `rm -rf`',
      step: {
        name: 'a | b `c` --> @everyone <img src=x onerror=1>',
        index: 1,
        count: 1,
        exitCode: 2,
        span: spanIn('templates/a b|c`d.yml', HOSTILE_TEXT, 'a | b'),
      },
      logTail: [
        '\u001b[31mred\u001b[0m and \u001b]0;title\u0007done',
        '::set-output name=amis::{"end":"ami-evil"}',
        '   ::stop-commands::x',
        'before ##[set-env name=PATH;]evil after',
        '#\u001b[1m#[command]hidden by a sequence',
        '````',
        '</details> --> @everyone | x',
        'progress 1 %\rprogress 2 %',
        'right-to-left \u202egnp.exe',
      ],
    }),
  ]),
  warnings: ['a | warning with `code` and @someone, and\na second line'],
});

export const planned: RunReport = report({
  plan: plan(
    { name: 'base', action: 'reuse', reasons: [because.found('base')] },
    {
      name: 'runtime',
      parent: 'base',
      reasons: [
        because.template('runtime'),
        { kind: 'file-changed', path: 'scripts/runtime/install.sh', role: 'script' },
        { kind: 'file-changed', path: 'scripts/runtime/lib/a.sh', role: 'input' },
        { kind: 'file-changed', path: 'scripts/runtime/lib/b.sh', role: 'input' },
        because.noImage('runtime'),
      ],
    },
    {
      name: 'tools',
      parent: 'base',
      action: 'validate',
      reasons: [{ kind: 'not-validated', imageId: imageId('tools x86_64') }],
    },
    { name: 'app', parent: 'runtime', reasons: [because.parentRebuilt('runtime/x86_64')] },
  ),
  expectedMs: 34.2 * 60_000,
  cost: {
    costUsd: 0.5231,
    savedUsd: 0.41,
    prices: [{ market: 'on-demand', region: 'us-east-1', date: '2026-07-20' }],
  },
  finishedAt: START + 1_900,
});

/** It stops waiting before all is done; one layer another run has made meanwhile, one another run is at. */
const notFinished: RunReport = report({
  plan: plan(...TREE),
  results: results(
    ['base/x86_64', { ...reused('base'), followed: '6990' }],
    ['runtime/x86_64', { kind: 'in-progress', phase: 'steps', followed: undefined, durationMs: 9 * 60_000 }],
    ['tools/x86_64', { kind: 'in-progress', phase: undefined, followed: '6990', durationMs: 9 * 60_000 }],
    ['app/x86_64', { kind: 'in-progress', phase: undefined, followed: undefined, durationMs: 0 }],
  ),
  finishedAt: START + 25 * 60_000,
});

export const EXAMPLES = {
  typical,
  'all-reused': allReused,
  'failed-step': failedStep,
  'failed-jobs': afterFailedJobs,
  cancelled,
  'not-finished': notFinished,
  'all-built': allBuilt,
  'all-reused-and-promoted': allReusedAndPromoted,
  'failed-check': failedCheck,
  'nothing-affected': nothingAffected,
  'two-architectures': twoArchitectures,
  hostile,
} as const satisfies Record<string, RunReport>;
