import type { InstanceRecord } from '../src/images/instance-record.js';

/** A running builder of another run, but for what a test says otherwise. */
export function instance(parts: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    instanceId: 'i-1',
    region: 'us-west-2',
    imageId: 'ami-base',
    instanceType: 'm7i.large',
    market: 'on-demand',
    state: 'running',
    stateReason: undefined,
    launchedAt: 0,
    role: 'builder',
    layer: 'gromacs',
    templateHash: 'abc',
    scope: 'o/r',
    trust: 'main',
    runId: '77',
    runAttempt: 1,
    runToken: 'b6f1',
    heartbeatAt: undefined,
    expiresAt: undefined,
    ...parts,
  };
}
