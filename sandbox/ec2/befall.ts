import { mishapsOf } from '../faults.js';
import type { Mishap } from '../mishap.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import { loseMachine } from './instance-life.js';
import { interruptSpot } from './spot.js';

/** What AWS gives: `UG:spot-instance-termination-notices`. */
const SPOT_NOTICE_MS = 120_000;

/** @throws Error when it cannot befall that instance. */
export function befall(world: World, instance: InstanceRecord, mishap: Mishap): void {
  switch (mishap.kind) {
    case 'death':
      loseMachine(world, instance, mishap.then);
      return;
    case 'agent-restart': {
      const restart = world.running.get(instance.id)?.restartAgent;
      if (restart === undefined) throw new Error(`the agent of ${instance.id} is not there`);
      restart();
      return;
    }
    case 'spot-interruption':
      interruptSpot(world, instance, mishap.noticeMs ?? SPOT_NOTICE_MS);
  }
}

/** Sets a timer for each fault whose turn this event is. One that cannot befall the instance then is only logged. */
export function scheduleMishaps(
  world: World,
  instance: InstanceRecord,
  on: 'launch' | 'spot-launch' | 'command',
): void {
  for (const { afterMs, mishap } of mishapsOf(world.faults, on)) {
    world.after(afterMs, () => {
      if (!world.running.has(instance.id)) return;
      try {
        befall(world, instance, mishap);
      } catch (error) {
        console.error(error);
      }
    });
  }
}
