import type { ControlCall, ControlCalls, InstanceTime, LeftoverReport, StoredImage } from './control.js';
import { instanceDirectory, terminate } from './ec2/instance-life.js';
import { removeUnusedLayers } from './ec2/layer-references.js';
import { fullBytes } from './ec2/snapshots.js';
import { addFault } from './faults.js';
import { removeFromStore } from './machine/layers.js';
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
    warning: world.store.warning,
  }),
  journal: ({ world }, { after, limit }) => world.journal.read(after, limit),
  leftovers: ({ world }) => leftovers(world),
  storage: async ({ world, baseMeasured }) => {
    await baseMeasured;
    return storage(world);
  },
  instances: ({ world }) => instances(world),
  'add-fault': ({ world }, { fault }) => {
    addFault(world.faults, fault);
    return null;
  },
  'clear-faults': ({ world }) => {
    world.faults.length = 0;
    return null;
  },
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

function leftovers({ state }: World): LeftoverReport {
  return {
    instances: Object.values(state.instances)
      .filter((instance) => instance.state !== 'terminated')
      .map((instance) => ({ id: instance.id, region: instance.region, state: instance.state })),
    images: Object.values(state.images).flatMap((image) =>
      image.state === 'available' ? [] : [{ id: image.id, region: image.region, state: image.state }],
    ),
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

/** Answers once every machine is off and every layer gone. */
async function reset(world: World): Promise<null> {
  const { state } = world;
  const ids = Object.keys(state.instances);
  const running = [...world.running.values()];
  for (const instance of Object.values(state.instances)) terminate(world, instance);
  await Promise.all(running.map(({ ended }) => ended));
  for (const id of ids) await removeFromStore(world.store.path, instanceDirectory(id));
  for (const part of [state.instances, state.images, state.snapshots, state.parameters, state.clientTokens]) {
    for (const key of Object.keys(part)) delete part[key];
  }
  world.commands.clear();
  world.faults.length = 0;
  world.changed();
  await removeUnusedLayers(world);
  return null;
}
