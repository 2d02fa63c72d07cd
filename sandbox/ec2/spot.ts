import { randomBytes } from 'node:crypto';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { InstanceMarket, InstanceRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { World } from '../world.js';
import { stop, terminate } from './instance-life.js';

/** @throws AwsError for combinations that EC2 refuses, and for hibernation, which the sandbox has not. */
export function marketOf({ InstanceMarketOptions: options, MinCount, MaxCount }: RunInstancesRequest): InstanceMarket {
  if (options?.MarketType === undefined) return { kind: 'on-demand' };
  if (options.MarketType !== 'spot') throw unsupported(`The sandbox has no market "${options.MarketType}".`);
  const { SpotInstanceType = 'one-time', InstanceInterruptionBehavior = 'terminate' } = options.SpotOptions ?? {};
  if (SpotInstanceType === 'one-time' && InstanceInterruptionBehavior !== 'terminate') {
    throw new AwsError(
      'InvalidParameterCombination',
      `InstanceInterruptionBehavior '${InstanceInterruptionBehavior}' requires SpotInstanceType 'persistent'.`,
    );
  }
  if (SpotInstanceType === 'persistent' && InstanceInterruptionBehavior === 'terminate') {
    throw new AwsError(
      'InvalidParameterCombination',
      "SpotInstanceType 'persistent' requires InstanceInterruptionBehavior 'stop' or 'hibernate'.",
    );
  }
  if (InstanceInterruptionBehavior === 'hibernate') throw unsupported('The sandbox cannot hibernate instances.');
  if (SpotInstanceType === 'persistent' && MinCount !== MaxCount) {
    throw new AwsError(
      'InvalidParameterCombination',
      'MinCount and MaxCount must be the same for persistent requests.',
    );
  }
  return {
    kind: 'spot',
    requestId: `sir-${randomBytes(4).toString('hex')}`,
    persistence: SpotInstanceType,
    onInterruption: InstanceInterruptionBehavior,
  };
}

/** @throws AwsError UnsupportedOperation: only those of persistent requests can be stopped (gitlab-runner#28865). */
export function refuseOneTimeSpot(instances: readonly InstanceRecord[]): void {
  const oneTime = instances.find(({ market }) => market.kind === 'spot' && market.persistence === 'one-time');
  if (oneTime === undefined) return;
  throw new AwsError(
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${oneTime.id}' because it is associated with a one-time Spot Instance request. ` +
      'You can only stop Spot Instances associated with persistent Spot Instance requests.',
  );
}

/** Announces it in the instance's metadata, and does it when the notice has run out. */
export function interruptSpot(world: World, instance: InstanceRecord, noticeMs: number): void {
  if (instance.market.kind !== 'spot') throw new Error(`${instance.id} is not a Spot Instance`);
  const { onInterruption } = instance.market;
  instance.interruptedAt = world.now() + noticeMs;
  world.changed('instances', instance.id);
  world.after(noticeMs, () => {
    if (instance.state !== 'running' && instance.state !== 'pending') return;
    const reason = REASONS[onInterruption];
    instance.stateReason = reason;
    instance.transitionReason = reason.code;
    if (onInterruption === 'stop') stop(world, instance, false);
    else terminate(world, instance);
  });
}

/** `SDK` StateReason. */
const REASONS = {
  stop: { code: 'Server.SpotInstanceShutdown', message: 'Server.SpotInstanceShutdown: Spot instance shutdown' },
  terminate: {
    code: 'Server.SpotInstanceTermination',
    message: 'Server.SpotInstanceTermination: Spot instance termination',
  },
} as const;

function unsupported(message: string): AwsError {
  return new AwsError('UnsupportedOperation', message);
}
