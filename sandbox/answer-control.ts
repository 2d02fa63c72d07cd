import { statfs } from 'node:fs/promises';
import type { ControlCall, ControlCalls, InstanceTime, LeftoverReport, SandboxUsage, StoredImage } from './control.js';
import { befall } from './ec2/befall.js';
import { terminate } from './ec2/instance-life.js';
import { listLayers, removeUnusedLayers } from './ec2/layer-references.js';
import { instanceDirectory } from './ec2/running-instance.js';
import { fullBytes } from './ec2/snapshots.js';
import { addFault } from './faults.js';
import { removeFromStore } from './machine/layers.js';
import type { InstanceStateName } from './state.js';
import type { World } from './world.js';

export interface ControlledDaemon {
  readonly world: World;
  readonly nonce: string;
  /** Resolves when the operating system under the images has been measured. */
  readonly baseMeasured: Promise<void>;
  readonly stop: () => void;
}

type Answers = {
  readonly [Call in ControlCall]: (
    daemon: ControlledDaemon,
    parameters: ControlCalls[Call]['asks'],
  ) => ControlCalls[Call]['answers'] | Promise<ControlCalls[Call]['answers']>;
};

const ANSWERS: Answers = {
  status: ({ world, nonce }) => ({
    nonce,
    pid: process.pid,
    durable: world.store.durable,
    base: world.base.name,
    warning: world.store.warning,
    clock: { time: world.now(), rate: world.clock.rate() },
    delays: world.delays,
    faults: world.faults,
    throttling: world.throttle.setting(),
    metadata: world.network !== undefined,
    network: world.network === undefined ? 'shared' : 'own',
  }),
  usage: ({ world }) => usage(world),
  journal: ({ world }, { after, limit }) => world.journal.read(after, limit),
  leftovers: ({ world }) => leftovers(world),
  storage: async ({ world, baseMeasured }) => {
    await baseMeasured;
    return storage(world);
  },
  instances: ({ world }) => instances(world),
  tagged: ({ world: { state } }) => [
    ...Object.values(state.instances).map(({ id, tags }) => ({ id, tags })),
    ...Object.values(state.images).map(({ id, tags, snapshotId }) => ({ id, tags, snapshotId })),
    ...Object.values(state.snapshots).map(({ id, tags }) => ({ id, tags })),
  ],
  'add-fault': ({ world }, { fault }) => {
    addFault(world.faults, fault);
    return null;
  },
  befall: ({ world }, { instanceId, mishap }) => {
    const instance = world.state.instances[instanceId];
    if (instance === undefined || !world.running.has(instanceId)) throw new Error(`${instanceId} is not running`);
    befall(world, instance, mishap);
    return null;
  },
  'set-clock': ({ world }, { rate }) => {
    world.clock.setRate(rate);
    return null;
  },
  advance: async ({ world }, { ms }) => {
    await world.clock.advance(ms);
    return { time: world.now() };
  },
  'set-delays': ({ world }, { delays }) => {
    world.delays = { ...world.delays, ...delays };
    return null;
  },
  'set-throttling': ({ world }, { throttling }) => {
    world.throttle.set(throttling);
    return null;
  },
  'clear-faults': ({ world }) => {
    world.faults.length = 0;
    return null;
  },
  'access-key': ({ world }, { account }) => world.keyring.keyOf(account),
  'identity-token': ({ world }, { subject }) => ({ token: world.keyring.identityToken(subject) }),
  reset: ({ world }) => reset(world),
  stop: ({ stop }) => {
    stop();
    return null;
  },
};

/** Undefined: there is no such call. The parameters come from this package's own client. */
export function answerControl(daemon: ControlledDaemon, call: string, parameters: unknown): unknown {
  if (!isControlCall(call)) return undefined;
  const answer = ANSWERS[call] as (daemon: ControlledDaemon, parameters: unknown) => unknown;
  return answer(daemon, parameters);
}

function isControlCall(call: string): call is ControlCall {
  return Object.hasOwn(ANSWERS, call);
}

async function usage({ state, store }: World): Promise<SandboxUsage> {
  const { blocks, bfree, bavail, bsize } = await statfs(store.path);
  const instances: Partial<Record<InstanceStateName, number>> = {};
  for (const instance of Object.values(state.instances))
    instances[instance.state] = (instances[instance.state] ?? 0) + 1;
  return {
    images: Object.keys(state.images).length,
    instances,
    usedBytes: (blocks - bfree) * bsize,
    availableBytes: bavail * bsize,
  };
}

function leftovers({ state }: World): LeftoverReport {
  return {
    instances: Object.values(state.instances)
      .filter((instance) => instance.state !== 'terminated')
      .map((instance) => ({ id: instance.id, region: instance.region, state: instance.state })),
    images: Object.values(state.images).flatMap((image) =>
      image.state === 'available' || image.state === 'disabled'
        ? []
        : [{ id: image.id, region: image.region, state: image.state }],
    ),
    volumes: Object.values(state.volumes).map(({ id, region, instanceId }) => ({ id, region, instanceId })),
  };
}

function storage(world: World): readonly StoredImage[] {
  const { images, snapshots, layerSizes } = world.state;
  return Object.values(images).flatMap((image) => {
    const snapshot = snapshots[image.snapshotId];
    const size = layerSizes[snapshot?.layers[0] ?? ''];
    if (snapshot === undefined || size === undefined) return [];
    return {
      imageId: image.id,
      region: image.region,
      name: image.name,
      tags: image.tags,
      deltaBytes: size.allocatedBytes,
      deltaApparentBytes: size.apparentBytes,
      fullBytes: fullBytes(world, snapshot) ?? 0,
    };
  });
}

function instances({ state }: World): readonly InstanceTime[] {
  return Object.values(state.instances).map((instance) => ({
    id: instance.id,
    region: instance.region,
    type: instance.type,
    state: instance.state,
    tags: instance.tags,
    launchedAt: instance.createdAt,
    endedAt: instance.endedAt,
  }));
}

const RESET_PARTS = [
  'instances',
  'images',
  'snapshots',
  'volumes',
  'launchTemplates',
  'parameters',
  'clientTokens',
  'settings',
] as const;

/** Answers once every machine is off and every layer gone. */
async function reset(world: World): Promise<null> {
  const { state } = world;
  const ids = Object.keys(state.instances);
  const running = [...world.running.values()];
  for (const instance of Object.values(state.instances)) terminate(world, instance);
  await Promise.all(running.map(({ ended }) => ended));
  for (const id of ids) await removeFromStore(world.store.path, instanceDirectory(id));
  for (const part of RESET_PARTS) {
    for (const key of Object.keys(state[part])) {
      delete state[part][key];
      world.changed(part, key);
    }
  }
  world.commands.clear();
  world.faults.length = 0;
  await removeUnusedLayers(world, await listLayers(world.store.path));
  return null;
}
