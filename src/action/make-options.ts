import { posix } from 'node:path';
import type { Placement } from '../build/context.js';
import type { BuildOptions } from '../commands/options.js';
import type { ChangedFiles } from '../github/changed-files.js';
import type { Inputs } from '../inputs.js';
import type { RunIdentity } from '../run-identity.js';
import type { Policy } from './event-policy.js';

export interface Asked {
  readonly inputs: Inputs;
  readonly policy: Extract<Policy, { readonly kind: 'run' }>;
  readonly run: RunIdentity;
  readonly changed: ChangedFiles;
  /** The environment's Region, for where the inputs name none. */
  readonly region: string | undefined;
}

const SPOT = { auto: 'auto', true: 'always', false: 'never' } as const satisfies Record<
  Inputs['spot'],
  Placement['spot']
>;

/** Inputs, event and changed files → what the commands are asked to do. */
export function makeOptions({ inputs, policy, run, changed, region }: Asked): BuildOptions {
  return {
    templates: inputs.templates.map((path) => posix.join(inputs.workingDirectory, path)),
    selection: {
      templateFiles: [],
      layers: inputs.layers,
      architectures: inputs.architectures.length === 0 ? undefined : inputs.architectures,
      changedFiles: changed.known ? changed.files : undefined,
      affectedOnly: policy.affectedOnly,
    },
    // Without AWS nothing is built, so nothing is built again.
    rebuild: inputs.noCache && policy.offline === undefined ? 'selected' : 'no',
    // What is not the default branch's own code may stand on anything: it is not trusted itself.
    reuse: run.trust === 'main' ? inputs.reuse : 'any',
    baseAmi: undefined,
    displayName: undefined,
    defaultRegion: inputs.awsRegion ?? region,
    maxDepth: inputs.maxDepth,
    offline: policy.offline !== undefined,
    placement: {
      instanceProfile: inputs.instanceProfile,
      subnetIds: inputs.subnetIds,
      securityGroupIds: inputs.securityGroupIds,
      instanceType: inputs.instanceType,
      spot: SPOT[inputs.spot],
    },
    chain: inputs.chainBuilds,
    maxParallel: inputs.maxParallel,
    failFast: inputs.failFast,
    pollIntervalMs: inputs.pollIntervalSeconds * 1000,
    promote: policy.promote,
    takeoverAfterMs: inputs.takeoverAfterMs,
    onCancel: inputs.onCancel,
    maxWaitMs: inputs.maxWaitMinutes === undefined ? undefined : inputs.maxWaitMinutes * 60_000,
  };
}
