import { agentLateness } from '../faults.js';
import { boot, type BootOptions, type Machine } from '../machine/boot.js';
import { freezeLayer, removeFromStore } from '../machine/layers.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import { leaveVolumes } from './further-volumes.js';
import { agentSilent, attachAgent } from './instance-agent.js';
import { answerInstanceCall } from './instance-calls.js';
import { removeUnusedLayers } from './layer-references.js';
import { openMetadata } from './metadata-server.js';
import { instanceDirectory, type Next, type RunningInstance } from './running-instance.js';
import { runUserData } from './user-data.js';

const CONSOLE_CHARACTERS = 65_536;

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
  world.changed('instances', instance.id);
  const running: RunningInstance = {
    machine: undefined,
    next: undefined,
    whileOff: [],
    agentDelayMs: agentLateness(world.faults) ?? world.delays.agentOnlineMs,
    deliver: undefined,
    restartAgent: undefined,
    metadata: undefined,
    shutdownTimer: undefined,
    ended: Promise.resolve(),
  };
  world.running.set(instance.id, running);
  const isRunning = new Promise<void>((resolve) => {
    world.after(world.delays.instanceRunningMs, () => {
      if (instance.state === 'pending') instance.state = 'running';
      world.changed('instances', instance.id);
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

/** Cuts its power without anybody having asked for it, as when the hardware under it fails. */
export function loseMachine(world: World, instance: InstanceRecord, then: 'terminated' | 'rebooted' | 'hung'): void {
  if (then !== 'terminated') {
    goDown(world, instance, then === 'hung' ? 'hang' : 'reboot', true);
    return;
  }
  const code = 'Server.InternalError';
  instance.stateReason = { code, message: `${code}: Internal error` };
  instance.transitionReason = code;
  terminate(world, instance);
}

/** Makes the writable layer an immutable one of that name, with a shutdown before and a boot after if it is running. */
export async function freezeInstance(world: World, instance: InstanceRecord, layer: string): Promise<void> {
  const freeze = (): void => {
    freezeLayer(world.store.path, instanceDirectory(instance.id), layer);
    instance.layers = [layer, ...instance.layers];
    world.changed('instances', instance.id);
  };
  const running = world.running.get(instance.id);
  if (running === undefined) {
    freeze();
    return;
  }
  const frozen = new Promise<void>((resolve, reject) => {
    running.whileOff.push(() => {
      try {
        freeze();
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
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
  running.metadata = await openMetadata(world, instance);
  while (next === 'reboot' || next === 'hang') {
    const machine: Machine = next === 'hang' ? brokenMachine() : await powerOn(world, instance, running);
    running.machine = machine;
    if (running.next === undefined) void comeUp(world, instance, running, machine, isRunning);
    else machine.cutPower();
    await machine.off;
    running.shutdownTimer?.cancel();
    agentSilent(world, instance, running);
    running.restartAgent = undefined;
    running.machine = undefined;
    for (const work of running.whileOff.splice(0)) work();
    next = running.next ?? instance.shutdownBehavior;
    if (next === 'reboot' || next === 'hang') running.next = undefined;
  }
  world.running.delete(instance.id);
  if (next === 'stop') comeToRest(world, instance);
  else bury(world, instance);
  running.metadata?.close();
}

/** A system that does not boot is, as on EC2, an instance that runs and never answers; the console says why. */
async function powerOn(world: World, instance: InstanceRecord, running: RunningInstance): Promise<Machine> {
  try {
    return await boot({
      storePath: world.store.path,
      directory: instanceDirectory(instance.id),
      hostname: `ip-${instance.privateIp.replaceAll('.', '-')}`,
      base: world.base,
      layers: instance.layers,
      onConsole: (text) => writeConsole(world, instance, text),
      ...networkOf(world, instance, running),
      onCall: (line) => {
        const onReboot = (): void => reboot(world, instance);
        const onPowerOff = (): void => powerOff(world, instance);
        answerInstanceCall(world, { running, line, onReboot, onPowerOff });
      },
    });
  } catch (error) {
    writeConsole(world, instance, `${error instanceof Error ? error.message : String(error)}\n`);
    return brokenMachine();
  }
}

/** A network of its own, where it can have one. */
function networkOf(
  { network, endpoint }: World,
  { privateIp: own }: InstanceRecord,
  { metadata }: RunningInstance,
): Pick<BootOptions, 'connect'> {
  if (network === undefined || endpoint === undefined || metadata === undefined) return {};
  const reach = { own, port: Number(new URL(endpoint).port), metadata: metadata.socket };
  return { connect: { own, to: (pid) => network.connect(pid, reach) } };
}

function brokenMachine(): Machine {
  let turnOff: () => void = () => undefined;
  const off = new Promise<void>((resolve) => (turnOff = resolve));
  return { pid: 0, bootId: '', hasNetwork: false, off, shutDown: () => turnOff(), cutPower: () => turnOff() };
}

async function comeUp(
  world: World,
  instance: InstanceRecord,
  running: RunningInstance,
  machine: Machine,
  isRunning: Promise<void>,
): Promise<void> {
  if (machine.pid === 0) return;
  await runUserData(world, instance, machine, (text) => writeConsole(world, instance, text));
  await isRunning;
  if (instance.profileArn === undefined || running.agentDelayMs === 'never') return;
  const requestReboot = (): void => reboot(world, instance);
  attachAgent({ world, instance, running, machine, requestReboot }, running.agentDelayMs);
}

function goDown(world: World, instance: InstanceRecord, next: Next, force: boolean): void {
  world.changed('instances', instance.id);
  const running = world.running.get(instance.id);
  if (running === undefined) return;
  running.next = next;
  agentSilent(world, instance, running);
  if (force) running.machine?.cutPower();
  else running.machine?.shutDown();
}

/** A program on the machine asked for it. */
function powerOff(world: World, instance: InstanceRecord): void {
  const code = 'Client.InstanceInitiatedShutdown';
  instance.stateReason = { code, message: `${code}: Instance initiated shutdown` };
  instance.state = instance.shutdownBehavior === 'stop' ? 'stopping' : 'shutting-down';
  goDown(world, instance, instance.shutdownBehavior, false);
}

function comeToRest(world: World, instance: InstanceRecord): void {
  world.after(world.delays.instanceStoppedMs, () => {
    if (instance.state !== 'shutting-down') instance.state = 'stopped';
    world.changed('instances', instance.id);
  });
}

function bury(world: World, instance: InstanceRecord): void {
  world.after(world.delays.instanceTerminatedMs, () => {
    instance.state = 'terminated';
    instance.endedAt = world.now();
    leaveVolumes(world, instance);
    world.changed('instances', instance.id);
    void removeFromStore(world.store.path, instanceDirectory(instance.id)).then(() =>
      removeUnusedLayers(world, instance.layers),
    );
    world.after(world.delays.terminatedVisibleMs, () => {
      delete world.state.instances[instance.id];
      world.consoles.delete(instance.id);
      world.changed('instances', instance.id);
    });
  });
}

function writeConsole(world: World, instance: InstanceRecord, text: string): void {
  const written = (world.consoles.get(instance.id) ?? '') + text;
  world.consoles.set(instance.id, written.slice(-CONSOLE_CHARACTERS));
}
