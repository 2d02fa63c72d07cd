import type { InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../wire/operation.js';
import type { World } from '../world.js';

/** The account's instances in the Region: a fresh id stays unknown for a moment (`DEV:eventual-consistency`). */
export function visibleInstances(world: World, scope: Scope): readonly InstanceRecord[] {
  return Object.values(world.state.instances).filter((instance) => isVisible(world, scope, instance));
}

/** @throws AwsError MissingParameter, InvalidInstanceID.Malformed or InvalidInstanceID.NotFound; one bad id fails the whole call. */
export function requireInstances(world: World, scope: Scope, ids: readonly string[] = []): readonly InstanceRecord[] {
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (malformed !== undefined) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const found = new Map(
    ids.flatMap((id) => {
      const instance = world.state.instances[id];
      return instance !== undefined && isVisible(world, scope, instance) ? [[id, instance]] : [];
    }),
  );
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 1) {
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${missing[0]}' does not exist`);
  }
  if (missing.length > 1) {
    throw new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
  }
  return [...found.values()];
}

function isVisible(world: World, { region, account }: Scope, instance: InstanceRecord): boolean {
  const isKnown = instance.createdAt <= world.now() - world.delays.instanceVisibleMs;
  return isKnown && instance.region === region && instance.owner === account;
}
