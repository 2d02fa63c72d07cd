import type { Machine } from '../machine/boot.js';
import { agentOnline } from '../ssm/agent.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import type { RunningInstance } from './running-instance.js';

/** The agent's unit file has RestartSec=90 (AGENT packaging/linux/amazon-ssm-agent.service). */
const RESTART_MS = 90_000;

export interface AttachOptions {
  readonly world: World;
  readonly instance: InstanceRecord;
  readonly running: RunningInstance;
  readonly machine: Machine;
  /** A script ended with 194. */
  readonly requestReboot: () => void;
}

/** Registers the agent some time from now, if the machine is still on by then. */
export function attachAgent(options: AttachOptions, delayMs: number): void {
  const { world, instance, running, machine, requestReboot } = options;
  running.restartAgent = () => {
    running.restartAgent = undefined;
    agentSilent(world, instance, running);
    for (const { invocations } of world.commands.values()) {
      const state = invocations.get(instance.id)?.state;
      if (state?.kind === 'running') state.preempt('agent-restarted');
    }
    attachAgent(options, RESTART_MS);
  };
  world.after(delayMs, () => {
    if (running.machine !== machine || running.next !== undefined) return;
    running.deliver = agentOnline(world, instance, {
      machine,
      isGoingDown: () => running.machine !== machine || running.next !== undefined,
      requestReboot,
    });
  });
}

/** From now on there are no heartbeats. Systems Manager hears nothing of it, and goes on showing the last one. */
export function agentSilent(world: World, instance: InstanceRecord, running: RunningInstance): void {
  if (running.deliver !== undefined) {
    instance.agentSilentSince = world.now();
    world.changed('instances', instance.id);
  }
  running.deliver = undefined;
}
