import type {
  CommandInvocation,
  CommandPlugin,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  ListCommandsRequest,
  ListCommandsResult,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { statusOf, type CommandRecord, type Invocation } from './command-record.js';
import { makeCommandFilter } from './command-filters.js';
import { describeCommand } from './send-command.js';

const PLUGIN = 'aws:runShellScript';
/** ListCommandInvocations with Details shows less than GetCommandInvocation (`SDK` CommandPlugin.Output). */
const LISTED_OUTPUT_CHARACTERS = 2_500;
const LIMITS = { least: 1, most: 50, usual: 50, badToken: 'InvalidNextToken' } as const;

export function getCommandInvocation(
  world: World,
  request: GetCommandInvocationRequest,
  caller: Caller,
): GetCommandInvocationResult {
  const { CommandId = '', InstanceId = '', PluginName } = request;
  const command = world.commands.get(CommandId);
  const invocation = command?.invocations.get(InstanceId);
  const isVisible = command !== undefined && world.now() >= command.requestedAt + world.delays.invocationVisibleMs;
  const isOwn = command?.owner === caller.account && command.region === caller.region;
  if (!isOwn || invocation === undefined || !isVisible) {
    throw new AwsError('InvocationDoesNotExist', '');
  }
  if (PluginName !== undefined && PluginName !== PLUGIN) throw new AwsError('InvalidPluginName', '');
  const { status, details } = statusOf(invocation);
  const { state } = invocation;
  const output = outputOf(invocation);
  return {
    CommandId,
    InstanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: '$DEFAULT',
    PluginName: PLUGIN,
    ResponseCode: state.kind === 'ended' ? state.responseCode : -1,
    ...timesOf(invocation),
    Status: status,
    StatusDetails: details,
    StandardOutputContent: output.stdout,
    StandardOutputUrl: '',
    StandardErrorContent: output.stderr,
    StandardErrorUrl: '',
  };
}

export function listCommandInvocations(
  world: World,
  request: ListCommandInvocationsRequest,
  caller: Caller,
): ListCommandInvocationsResult {
  const matches = makeCommandFilter(request.Filters);
  const all = commandsOf(world, caller, request.CommandId).flatMap((command) =>
    [...command.invocations.values()]
      .filter(({ instanceId }) => request.InstanceId === undefined || request.InstanceId === instanceId)
      .map((invocation) => ({ command, invocation }))
      .filter(({ invocation }) => matches({ command, status: statusOf(invocation).details })),
  );
  const idOf = ({ command, invocation }: (typeof all)[number]): string => `${command.id} ${invocation.instanceId}`;
  const page = pageOf(all, request, idOf, LIMITS);
  return {
    CommandInvocations: page.items.map(({ command, invocation }) =>
      describeInvocation(command, invocation, request.Details ?? false),
    ),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

export function listCommands(world: World, request: ListCommandsRequest, caller: Caller): ListCommandsResult {
  const matches = makeCommandFilter(request.Filters);
  const all = commandsOf(world, caller, request.CommandId).filter(
    (command) =>
      (request.InstanceId === undefined || command.invocations.has(request.InstanceId)) &&
      matches({ command, status: describeCommand(command).StatusDetails ?? '' }),
  );
  const page = pageOf(all, request, ({ id }) => id, LIMITS);
  return {
    Commands: page.items.map(describeCommand),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

function commandsOf(world: World, caller: Caller, id: string | undefined): readonly CommandRecord[] {
  const visibleFrom = world.now() - world.delays.invocationVisibleMs;
  return [...world.commands.values()].filter(
    (command) =>
      command.owner === caller.account &&
      command.region === caller.region &&
      command.requestedAt <= visibleFrom &&
      (id === undefined || command.id === id),
  );
}

function describeInvocation(command: CommandRecord, invocation: Invocation, details: boolean): CommandInvocation {
  const { status, details: statusDetails } = statusOf(invocation);
  const { state } = invocation;
  const output = outputOf(invocation);
  const plugin: CommandPlugin = {
    Name: PLUGIN,
    // The plugin's own status has no Cancelling.
    Status: status === 'Cancelling' ? 'InProgress' : status,
    StatusDetails: statusDetails,
    ResponseCode: state.kind === 'ended' ? state.responseCode : -1,
    Output: (output.stdout + (output.stderr && `\n----------ERROR-------\n${output.stderr}`)).slice(
      0,
      LISTED_OUTPUT_CHARACTERS,
    ),
  };
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: '$DEFAULT',
    RequestedDateTime: new Date(command.requestedAt),
    Status: status,
    StatusDetails: statusDetails,
    CommandPlugins: details ? [plugin] : [],
  };
}

/** Empty until the script has ended (`SDK` GetCommandInvocationResult). */
function outputOf({ state, stdout, stderr }: Invocation): { readonly stdout: string; readonly stderr: string } {
  return state.kind === 'ended' ? { stdout, stderr } : { stdout: '', stderr: '' };
}

function timesOf({
  state,
}: Invocation): Pick<
  GetCommandInvocationResult,
  'ExecutionStartDateTime' | 'ExecutionEndDateTime' | 'ExecutionElapsedTime'
> {
  const iso = (time: number): string => new Date(time).toISOString();
  const startedAt = state.kind === 'pending' ? undefined : state.startedAt;
  const endedAt = state.kind === 'ended' ? state.endedAt : undefined;
  if (startedAt === undefined) {
    return { ExecutionStartDateTime: '', ExecutionEndDateTime: '', ExecutionElapsedTime: '' };
  }
  return {
    ExecutionStartDateTime: iso(startedAt),
    ExecutionEndDateTime: endedAt === undefined ? '' : iso(endedAt),
    ExecutionElapsedTime: endedAt === undefined ? '' : `PT${(endedAt - startedAt) / 1000}S`,
  };
}
