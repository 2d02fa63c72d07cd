// One run of the default branch that reuses only trusted work and promotes: a program of its own, for the torture.
import { randomUUID } from 'node:crypto';
import { createCloud } from '../../src/aws/create-cloud.js';
import { withinScope } from '../../src/build/visible-cloud.js';
import { build } from '../../src/commands/build.js';
import { systemClock } from '../../src/lib/clock.js';
import { memoize } from '../../src/lib/memoize.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { POLL_SECONDS, REGION } from './product.js';

const [scope = ''] = process.argv.slice(2);
const apiCalls = {};
const report = await build(
  {
    templates: ['templates'],
    selection: { templateFiles: [], layers: [], changedFiles: undefined, affectedOnly: false },
    rebuild: 'no',
    baseAmi: undefined,
    defaultRegion: REGION,
    offline: false,
    reuse: 'trusted',
    placement: {
      instanceProfile: 'builder',
      subnetIds: [],
      securityGroupIds: [],
      instanceType: undefined,
      spot: 'never',
    },
    chain: false,
    maxParallel: 4,
    failFast: false,
    pollIntervalMs: Number(POLL_SECONDS) * 1000,
    promote: true,
    takeoverAfterMs: 180_000,
    onCancel: 'terminate',
    maxWaitMs: undefined,
    displayName: undefined,
  },
  {
    workspace: createFsWorkspace(process.cwd()),
    cloudIn: memoize((region: string) => withinScope(createCloud(region, apiCalls), scope)),
    apiCalls,
    clock: systemClock,
    run: {
      id: 'main',
      number: 1,
      attempt: 1,
      token: randomUUID(),
      url: undefined,
      repository: scope,
      scope,
      commit: undefined,
      ref: undefined,
      pullRequest: undefined,
      trust: 'main',
    },
    signal: new AbortController().signal,
    onPlan: () => Promise.resolve(),
    onEvent: () => undefined,
  },
);
for (const { key, outcome } of report.results.values()) {
  console.log(`${key}: ${outcome.kind}${outcome.kind === 'failed' ? `: ${outcome.failure.message}` : ''}`);
}
for (const warning of report.warnings) console.log(warning);
process.exitCode = [...report.results.values()].every(({ outcome }) => outcome.kind === 'built') ? 0 : 1;
