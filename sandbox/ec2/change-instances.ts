import type {
  InstanceStateChange,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import type { InstanceRecord, InstanceStateName } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { describeState } from './describe-instances.js';
import { reboot, start, stop, terminate, userInitiated } from './instance-life.js';
import { requireInstances } from './instance-lookup.js';
import { refuseOneTimeSpot } from './spot.js';

export function startInstances(world: World, request: StartInstancesRequest, caller: Caller): StartInstancesResult {
  const instances = requireInstances(world, caller, request.InstanceIds);
  requireStates(instances, ['stopped', 'pending', 'running'], 'started');
  return {
    StartingInstances: changeEach(instances, (instance) => {
      if (instance.state === 'stopped') start(world, instance);
    }),
  };
}

export function stopInstances(world: World, request: StopInstancesRequest, caller: Caller): StopInstancesResult {
  const instances = requireInstances(world, caller, request.InstanceIds);
  requireStates(instances, ['running', 'stopping', 'stopped'], 'stopped');
  refuseOneTimeSpot(instances);
  return {
    StoppingInstances: changeEach(instances, (instance) => {
      if (instance.state !== 'running') return;
      instance.transitionReason = userInitiated(world);
      instance.stateReason = USER_INITIATED;
      stop(world, instance, request.Force ?? false);
    }),
  };
}

/** Idempotent: terminating twice succeeds twice (`SDK`). */
export function terminateInstances(
  world: World,
  request: TerminateInstancesRequest,
  caller: Caller,
): TerminateInstancesResult {
  const instances = requireInstances(world, caller, request.InstanceIds);
  return {
    TerminatingInstances: changeEach(instances, (instance) => {
      if (instance.state === 'terminated') return;
      instance.transitionReason = userInitiated(world);
      instance.stateReason = USER_INITIATED;
      terminate(world, instance);
    }),
  };
}

export function rebootInstances(world: World, request: RebootInstancesRequest, caller: Caller): void {
  const instances = requireInstances(world, caller, request.InstanceIds);
  requireStates(instances, ['running'], 'rebooted');
  for (const instance of instances) reboot(world, instance);
}

const USER_INITIATED = {
  code: 'Client.UserInitiatedShutdown',
  message: 'Client.UserInitiatedShutdown: User initiated shutdown',
} as const;

/** All or nothing: one instance in the wrong state fails the call before any is touched. */
function requireStates(
  instances: readonly InstanceRecord[],
  allowed: readonly InstanceStateName[],
  participle: string,
): void {
  const wrong = instances.find(({ state }) => !allowed.includes(state));
  if (wrong === undefined) return;
  throw new AwsError(
    'IncorrectInstanceState',
    `The instance '${wrong.id}' is not in a state from which it can be ${participle}.`,
  );
}

function changeEach(
  instances: readonly InstanceRecord[],
  change: (instance: InstanceRecord) => void,
): InstanceStateChange[] {
  return instances.map((instance) => {
    const before = instance.state;
    change(instance);
    return {
      InstanceId: instance.id,
      CurrentState: describeState(instance.state),
      PreviousState: describeState(before),
    };
  });
}
