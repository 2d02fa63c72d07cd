import { boot, type Machine } from '../machine/boot.js';
import { freezeLayer, removeFromStore } from '../machine/layers.js';
import { parseShutdown } from '../machine/shutdown-request.js';
import { agentOnline } from '../ssm/agent.js';
import type { CommandRecord } from '../ssm/command-record.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import { removeUnusedLayers } from './layer-references.js';
import { runUserData } from './user-data.js';

type Next = 'reboot' | 'stop' | 'terminate';

/** An instance whose machine is on, or on its way up or down. */
export interface RunningInstance {
  /** Undefined until it has booted. */
  machine: Machine | undefined;
  /** What follows once the machine is off; defined means that it is going down. */
  next: Next | undefined;
  /** Work for the moment between off and the next boot. */
  readonly whileOff: (() => void)[];
  /** Gives the agent a command; undefined while the agent is not there. */
  deliver: ((command: CommandRecord) => void) | undefined;
  shutdownTimer: NodeJS.Timeout | undefined;
  /** Settles when the machine is off for good. */
  ended: Promise<void>;
}

const CONSOLE_CHARACTERS = 65_536;

/** The instance's own directory in the store, relative. */
export function instanceDirectory(id: string): string {
  return `instances/${id}`;
}

/** `User initiated (2026-11-21 01:02:03 GMT)`: StateTransitionReason after a call. */
export function userInitiated(world: World): string {
  return `User initiated (${new Date(world.now()).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

/** `pending` now, `running` after the delay; the agent comes when boot and user data are done. */
export function start(world: World, instance: InstanceRecord): void {
  instance.state = 'pending';
  instance.launchedAt = world.now();
  instance.transitionReason = '';
  instance.stateReason = undefined;
  world.changed();
  const running: RunningInstance = {
    machine: undefined,
    next: undefined,
    whileOff: [],
    deliver: undefined,
    shutdownTimer: undefined,
    ended: Promise.resolve(),
  };
  world.running.set(instance.id, running);
  const isRunning = new Promise<void>((resolve) => {
    world.after(world.delays.instanceRunningMs, () => {
      if (instance.state === 'pending') instance.state = 'running';
      world.changed();
      resolve();
    });
  });
  running.ended = live(world, instance, running, isRunning);
}

/** Ends the machine; the instance becomes `stopped` and keeps its writable layer. */
export function stop(world: World, instance: InstanceRecord, force: boolean): void {
  instance.state = 'stopping';
  goDown(world, instance, 'stop', force);
}

/** Ends the machine; the writable layer goes with it. */
export function terminate(world: World, instance: InstanceRecord): void {
  if (instance.state === 'terminated' || instance.state === 'shutting-down') return;
  instance.state = 'shutting-down';
  if (world.running.has(instance.id)) goDown(world, instance, 'terminate', true);
  else bury(world, instance);
}

export function reboot(world: World, instance: InstanceRecord): void {
  goDown(world, instance, 'reboot', false);
}

/** Makes the writable layer an immutable one of that name, with a shutdown before and a boot after if it is running. */
export async function freezeInstance(world: World, instance: InstanceRecord, layer: string): Promise<void> {
  const freeze = (): void => {
    freezeLayer(world.store.path, instanceDirectory(instance.id), layer);
    instance.layers = [layer, ...instance.layers];
    world.changed();
  };
  const running = world.running.get(instance.id);
  if (running === undefined) {
    freeze();
    return;
  }
  const frozen = new Promise<void>((resolve, reject) => {
    running.whileOff.push(() => {
      try {
        resolve(freeze());
      } catch (error) {
        reject(error);
      }
    });
  });
  if (running.next === undefined) reboot(world, instance);
  await frozen;
}

/** From power on to the last power off: one turn for each boot. */
async function live(
  world: World,
  instance: InstanceRecord,
  running: RunningInstance,
  isRunning: Promise<void>,
): Promise<void> {
  let next: Next = 'reboot';
  while (next === 'reboot') {
    const machine = await powerOn(world, instance, running);
    running.machine = machine;
    if (running.next === undefined) void attachAgent(world, instance, running, machine, isRunning);
    else machine.cutPower();
    await machine.off;
    clearTimeout(running.shutdownTimer);
    running.deliver = undefined;
    running.machine = undefined;
    for (const work of running.whileOff.splice(0)) work();
    next = running.next ?? instance.shutdownBehavior;
    if (next === 'reboot') running.next = undefined;
  }
  world.running.delete(instance.id);
  if (next === 'stop') comeToRest(world, instance);
  else bury(world, instance);
}

/** A system that does not boot is, as on EC2, an instance that runs and never answers; the console says why. */
async function powerOn(world: World, instance: InstanceRecord, running: RunningInstance): Promise<Machine> {
  try {
    return await boot({
      storePath: world.store.path,
      directory: instanceDirectory(instance.id),
      hostname: `ip-${instance.privateIp.replaceAll('.', '-')}`,
      layers: instance.layers,
      onConsole: (text) => writeConsole(world, instance, text),
      onShutdownCall: (line) => shutDownFromInside(world, instance, running, line),
    });
  } catch (error) {
    writeConsole(world, instance, `${error instanceof Error ? error.message : String(error)}\n`);
    return brokenMachine();
  }
}

function brokenMachine(): Machine {
  let turnOff: () => void = () => undefined;
  const off = new Promise<void>((resolve) => (turnOff = resolve));
  return { pid: 0, bootId: '', off, shutDown: () => turnOff(), cutPower: () => turnOff() };
}

async function attachAgent(
  world: World,
  instance: InstanceRecord,
  running: RunningInstance,
  machine: Machine,
  isRunning: Promise<void>,
): Promise<void> {
  if (machine.pid === 0) return;
  await runUserData(world, instance, machine, (text) => writeConsole(world, instance, text));
  await isRunning;
  if (instance.profileArn === undefined) return;
  world.after(world.delays.agentOnlineMs, () => {
    if (running.machine !== machine || running.next !== undefined) return;
    running.deliver = agentOnline(world, instance, {
      machine,
      isGoingDown: () => running.machine !== machine || running.next !== undefined,
      requestReboot: () => reboot(world, instance),
    });
  });
}

function goDown(world: World, instance: InstanceRecord, next: Next, force: boolean): void {
  world.changed();
  const running = world.running.get(instance.id);
  if (running === undefined) return;
  running.next = next;
  running.deliver = undefined;
  if (force) running.machine?.cutPower();
  else running.machine?.shutDown();
}

/** `shutdown -h +60` and its kin, called by a program on the machine. */
function shutDownFromInside(world: World, instance: InstanceRecord, running: RunningInstance, line: string): void {
  const request = parseShutdown(line, new Date(world.now()));
  if (request === undefined) return;
  clearTimeout(running.shutdownTimer);
  if (request.kind === 'cancel') return;
  running.shutdownTimer = world.after(request.afterMs, () => {
    if (running.next !== undefined) return;
    if (request.action === 'reboot') {
      reboot(world, instance);
      return;
    }
    const code = 'Client.InstanceInitiatedShutdown';
    instance.stateReason = { code, message: `${code}: Instance initiated shutdown` };
    instance.state = instance.shutdownBehavior === 'stop' ? 'stopping' : 'shutting-down';
    goDown(world, instance, instance.shutdownBehavior, false);
  });
}

function comeToRest(world: World, instance: InstanceRecord): void {
  world.after(world.delays.instanceStoppedMs, () => {
    if (instance.state !== 'shutting-down') instance.state = 'stopped';
    world.changed();
  });
}

function bury(world: World, instance: InstanceRecord): void {
  world.after(world.delays.instanceTerminatedMs, () => {
    instance.state = 'terminated';
    instance.endedAt = world.now();
    world.changed();
    void removeFromStore(world.store.path, instanceDirectory(instance.id)).then(() => removeUnusedLayers(world));
    world
      .after(world.delays.terminatedVisibleMs, () => {
        delete world.state.instances[instance.id];
        world.changed();
      })
      .unref();
  });
}

function writeConsole(world: World, instance: InstanceRecord, text: string): void {
  const written = (world.consoles.get(instance.id) ?? '') + text;
  world.consoles.set(instance.id, written.slice(-CONSOLE_CHARACTERS));
}
