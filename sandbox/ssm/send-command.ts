import { randomUUID } from 'node:crypto';
import type {
  CancelCommandRequest,
  CancelCommandResult,
  Command,
  SendCommandRequest,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import { scheduleMishaps } from '../ec2/befall.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { statusOf, type CommandRecord, type Invocation } from './command-record.js';

const DOCUMENT = 'AWS-RunShellScript';
/** The document's own parameters (SSMUG:documents-schemas-features). */
const PARAMETERS = ['commands', 'workingDirectory', 'executionTimeout'];
const MOST_INSTANCES = 50;
const LONGEST_COMMENT = 100;
const DELIVERY_SECONDS = { least: 30, most: 2_592_000, usual: 3600 };
/** The agent silently takes the usual one for anything out of range (AGENT pluginutil.go). */
const EXECUTION_SECONDS = { least: 5, most: 172_800, usual: 3600 };
/** No source gives the exact limit; a document may have 64 KB, and this error is listed for SendCommand. */
const MOST_PARAMETER_BYTES = 65_536;

export function sendCommand(world: World, request: SendCommandRequest, caller: Caller): SendCommandResult {
  check(request);
  const ids = request.InstanceIds ?? [];
  for (const id of ids) {
    const instance = world.state.instances[id];
    const isOwn = instance?.owner === caller.account && instance.region === caller.region;
    if (!isOwn || instance.registeredAt === undefined || instance.state !== 'running') {
      throw new AwsError('InvalidInstanceId', `Instances [[${ids.join(', ')}]] not in a valid state for account`);
    }
  }
  const parameters = request.Parameters ?? {};
  const invocations = ids.map((instanceId): [string, Invocation] => [
    instanceId,
    { instanceId, state: { kind: 'pending' }, isCancelled: false, stdout: '', stderr: '' },
  ]);
  const command: CommandRecord = {
    id: randomUUID(),
    owner: caller.account,
    region: caller.region,
    documentName: DOCUMENT,
    comment: request.Comment ?? '',
    parameters,
    deliveryTimeoutSeconds: request.TimeoutSeconds ?? DELIVERY_SECONDS.usual,
    executionTimeoutSeconds: executionTimeout(parameters.executionTimeout?.[0]),
    requestedAt: world.now(),
    invocations: new Map(invocations),
  };
  world.commands.set(command.id, command);
  expireUndelivered(world, command);
  const answer = { Command: describeCommand(command) };
  for (const id of ids) world.running.get(id)?.deliver?.(command);
  for (const id of ids) {
    const instance = world.state.instances[id];
    if (instance !== undefined) scheduleMishaps(world, instance, 'command');
  }
  return answer;
}

export function cancelCommand(world: World, request: CancelCommandRequest, caller: Caller): CancelCommandResult {
  const command = commandOf(world, request.CommandId, caller);
  const only = request.InstanceIds ?? [];
  for (const invocation of command.invocations.values()) {
    if (only.length > 0 && !only.includes(invocation.instanceId)) continue;
    if (invocation.state.kind === 'ended') continue;
    invocation.isCancelled = true;
    if (invocation.state.kind === 'running') invocation.state.preempt('cancelled');
    else endUndelivered(world, invocation, 'cancelled');
  }
  return {};
}

/** @throws AwsError InvalidCommandId. */
export function commandOf(world: World, id: string | undefined, caller: Caller): CommandRecord {
  const command = id === undefined ? undefined : world.commands.get(id);
  if (command?.owner !== caller.account || command.region !== caller.region)
    throw new AwsError('InvalidCommandId', `Command ID ${id} was not found`);
  return command;
}

export function describeCommand(command: CommandRecord): Command {
  const invocations = [...command.invocations.values()];
  const ended = invocations.filter(({ state }) => state.kind === 'ended');
  const unfinished = invocations.find(({ state }) => state.kind !== 'ended');
  const failed = invocations.find(({ state }) => state.kind === 'ended' && state.result !== 'success');
  const shown = unfinished ?? failed ?? invocations[0];
  const { status, details } =
    shown === undefined ? ({ status: 'Success', details: 'NoInstancesInTag' } as const) : statusOf(shown);
  const waitSeconds = command.deliveryTimeoutSeconds + command.executionTimeoutSeconds;
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: '$DEFAULT',
    Comment: command.comment,
    ExpiresAfter: new Date(command.requestedAt + waitSeconds * 1000),
    Parameters: Object.fromEntries(Object.entries(command.parameters).map(([name, values]) => [name, [...values]])),
    InstanceIds: invocations.map(({ instanceId }) => instanceId),
    Targets: [],
    RequestedDateTime: new Date(command.requestedAt),
    Status: status,
    StatusDetails: details,
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: invocations.length,
    CompletedCount: ended.length,
    ErrorCount: ended.filter(({ state }) => state.kind === 'ended' && state.result === 'failed').length,
    DeliveryTimedOutCount: ended.filter(({ state }) => state.kind === 'ended' && state.result === 'delivery-timed-out')
      .length,
    TimeoutSeconds: command.deliveryTimeoutSeconds,
  };
}

function check(request: SendCommandRequest): void {
  const { DocumentName, InstanceIds = [], TimeoutSeconds, Comment = '', Parameters = {} } = request;
  if (DocumentName !== DOCUMENT) {
    throw new AwsError('InvalidDocument', `Document with name ${DocumentName} does not exist.`);
  }
  if (request.Targets !== undefined && request.Targets.length > 0) {
    throw new AwsError('UnsupportedOperation', 'The sandbox sends commands to InstanceIds only, not to Targets.');
  }
  if (InstanceIds.length === 0) throw new AwsError('InvalidInstanceId', 'InstanceIds or Targets must be given.');
  if (InstanceIds.length > MOST_INSTANCES) {
    throw invalid(
      `Value at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to ${MOST_INSTANCES}`,
    );
  }
  if (Comment.length > LONGEST_COMMENT) {
    throw invalid(
      `Value at 'comment' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_COMMENT}`,
    );
  }
  const { least, most } = DELIVERY_SECONDS;
  if (TimeoutSeconds !== undefined && (TimeoutSeconds < least || TimeoutSeconds > most)) {
    throw invalid(
      `Value '${TimeoutSeconds}' at 'timeoutSeconds' failed to satisfy constraint: Member must be between ${least} and ${most}`,
    );
  }
  const unknown = Object.keys(Parameters).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    throw new AwsError('InvalidParameters', `Parameters given are not declared in the document: ${unknown}`);
  }
  if (Parameters.commands === undefined || Parameters.commands.length === 0) {
    throw new AwsError('InvalidParameters', 'Parameter "commands" is required.');
  }
  if (Buffer.byteLength(JSON.stringify(Parameters)) > MOST_PARAMETER_BYTES) {
    throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  }
}

function executionTimeout(text: string | undefined): number {
  const seconds = Number(text ?? EXECUTION_SECONDS.usual);
  const { least, most, usual } = EXECUTION_SECONDS;
  return Number.isInteger(seconds) && seconds >= least && seconds <= most ? seconds : usual;
}

/** An agent that never answers: `TimedOut` after the delivery time-out, or both when the script had begun. */
function expireUndelivered(world: World, command: CommandRecord): void {
  const deliveryMs = command.deliveryTimeoutSeconds * 1000;
  const wholeMs = deliveryMs + command.executionTimeoutSeconds * 1000;
  const expire =
    (kinds: readonly Invocation['state']['kind'][], result: 'delivery-timed-out' | 'execution-timed-out') =>
    (): void => {
      for (const invocation of command.invocations.values()) {
        if (kinds.includes(invocation.state.kind)) endUndelivered(world, invocation, result);
      }
    };
  world.after(deliveryMs, expire(['pending'], 'delivery-timed-out'));
  world.after(wholeMs, expire(['interrupted', 'rebooting'], 'delivery-timed-out'));
}

function endUndelivered(
  world: World,
  invocation: Invocation,
  result: 'cancelled' | 'delivery-timed-out' | 'execution-timed-out',
): void {
  invocation.state = { kind: 'ended', result, responseCode: -1, startedAt: undefined, endedAt: world.now() };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${message}`);
}
