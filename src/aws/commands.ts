import {
  GetCommandInvocationCommand,
  SendCommandCommand,
  paginateDescribeInstanceInformation,
  type GetCommandInvocationCommandOutput,
} from '@aws-sdk/client-ssm';
import type { AgentView, Cloud, CommandId, CommandView } from '../build/cloud.js';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { asked, codeOf } from './failure.js';

type CommandCalls = Pick<Cloud, 'agents' | 'commands' | 'sendCommand'>;

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

    sendCommand: ({ instanceId, comment, script, timeoutSeconds }) =>
      asked('SendCommand', async () => {
        const answer = await once.send(
          new SendCommandCommand({
            DocumentName: 'AWS-RunShellScript',
            InstanceIds: [instanceId],
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
        return `${id}@${instanceId}` as const;
      }),
  };
}

function viewOf(invocation: GetCommandInvocationCommandOutput): CommandView {
  const detail = invocation.StatusDetails ?? 'Pending';
  if (['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(detail)) return { ended: undefined };
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
