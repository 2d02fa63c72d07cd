import type { InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { World } from '../world.js';

/** The instances that a Region's caller can see: a fresh id stays unknown for a moment (`DEV:eventual-consistency`). */
export function visibleInstances(world: World, region: string): readonly InstanceRecord[] {
  const visibleFrom = world.now() - world.delays.instanceVisibleMs;
  return Object.values(world.state.instances).filter(
    (instance) => instance.region === region && instance.createdAt <= visibleFrom,
  );
}

/** @throws AwsError MissingParameter, InvalidInstanceID.Malformed or InvalidInstanceID.NotFound; one bad id fails the whole call. */
export function requireInstances(world: World, region: string, ids: readonly string[] = []): readonly InstanceRecord[] {
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (malformed !== undefined) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const visible = new Map(visibleInstances(world, region).map((instance) => [instance.id, instance]));
  const missing = ids.filter((id) => !visible.has(id));
  if (missing.length === 1) {
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${missing[0]}' does not exist`);
  }
  if (missing.length > 1) {
    throw new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
  }
  return ids.flatMap((id) => visible.get(id) ?? []);
}
