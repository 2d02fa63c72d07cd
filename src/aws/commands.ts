import {
  GetCommandInvocationCommand,
  SendCommandCommand,
  paginateDescribeInstanceInformation,
  paginateListCommandInvocations,
  type GetCommandInvocationCommandOutput,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { AgentView, Cloud, CommandId, CommandView, SharedCommand } from '../build/cloud.js';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { asked, codeOf } from './failure.js';

type CommandCalls = Pick<Cloud, 'agents' | 'commands' | 'sendCommand' | 'sendToAll' | 'answers'>;

/** DescribeInstanceInformation answers at most 50 instances at once (SSM API reference). */
const INSTANCES_PER_REQUEST = 50;

/** How long SSM may take to hand a command to the agent before it gives up; it allows 30 s at least. */
const DELIVERY_TIMEOUT_SECONDS = 600;

/** The SSM agent takes 3600 for anything above its limit of 48 hours (agent source, pluginutil.go). */
const MAX_EXECUTION_SECONDS = 172_800;

export function commandCalls({ ssm, once }: Clients): CommandCalls {
  return {
    agents: (instanceIds) =>
      asked('DescribeInstanceInformation', async () => {
        const views = new Map<string, AgentView>();
        for (const values of chunk(instanceIds, INSTANCES_PER_REQUEST)) {
          const request = { Filters: [{ Key: 'InstanceIds', Values: values }] };
          for await (const page of paginateDescribeInstanceInformation({ client: ssm, pageSize: 50 }, request)) {
            for (const { InstanceId, PingStatus, LastPingDateTime } of page.InstanceInformationList ?? []) {
              if (InstanceId === undefined) continue;
              views.set(InstanceId, { online: PingStatus === 'Online', lastPing: LastPingDateTime?.getTime() ?? 0 });
            }
          }
        }
        return views;
      }),

    commands: async (ids) => {
      const views = new Map<CommandId, CommandView>();
      await Promise.all(
        ids.map(async (id) => {
          const [CommandId, InstanceId] = split(id);
          const request = new GetCommandInvocationCommand({ CommandId, InstanceId });
          try {
            views.set(id, viewOf(await asked('GetCommandInvocation', () => ssm.send(request))));
          } catch (error) {
            // Normal right after SendCommand: the invocation is not there yet.
            if (codeOf(error) !== 'InvocationDoesNotExist') throw error;
          }
        }),
      );
      return views;
    },

    sendCommand: async ({ instanceId, ...command }) =>
      `${await send(once, { ...command, instanceIds: [instanceId] })}@${instanceId}` as const,

    sendToAll: (command) => send(once, command),

    answers: (CommandId) =>
      asked('ListCommandInvocations', async () => {
        const answers = new Map<string, string>();
        const request = { CommandId, Details: true };
        for await (const page of paginateListCommandInvocations({ client: ssm, pageSize: 50 }, request)) {
          for (const { InstanceId, StatusDetails, CommandPlugins } of page.CommandInvocations ?? []) {
            if (InstanceId === undefined || isUnderWay(StatusDetails)) continue;
            answers.set(InstanceId, CommandPlugins?.[0]?.Output ?? '');
          }
        }
        return answers;
      }),
  };
}

function send(client: SSMClient, { instanceIds, comment, script, timeoutSeconds }: SharedCommand): Promise<string> {
  return asked('SendCommand', async () => {
    const answer = await client.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [...instanceIds],
        Comment: comment.slice(0, 100),
        TimeoutSeconds: DELIVERY_TIMEOUT_SECONDS,
        Parameters: {
          commands: script.split('\n'),
          executionTimeout: [String(Math.min(Math.max(Math.ceil(timeoutSeconds), 5), MAX_EXECUTION_SECONDS))],
        },
      }),
    );
    const id = answer.Command?.CommandId;
    if (id === undefined) throw new Error('SendCommand answered without a command');
    return id;
  });
}

function isUnderWay(details = 'Pending'): boolean {
  return ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(details);
}

function viewOf(invocation: GetCommandInvocationCommandOutput): CommandView {
  const detail = invocation.StatusDetails ?? 'Pending';
  if (isUnderWay(detail)) return { ended: undefined };
  return {
    ended: {
      exitCode: invocation.ResponseCode ?? -1,
      detail,
      output: invocation.StandardOutputContent ?? '',
      errorOutput: invocation.StandardErrorContent ?? '',
    },
  };
}

function split(id: CommandId): [commandId: string, instanceId: string] {
  const at = id.lastIndexOf('@');
  return [id.slice(0, at), id.slice(at + 1)];
}
