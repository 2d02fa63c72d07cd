import {
  GetCommandInvocationCommand,
  SendCommandCommand,
  paginateDescribeInstanceInformation,
  paginateListCommandInvocations,
} from '@aws-sdk/client-ssm';
import type { AgentView, Cloud } from '../build/cloud.js';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { asked, codeOf } from './failure.js';

type CommandCalls = Pick<Cloud, 'agents' | 'sendCommand' | 'commandEnd' | 'answers'>;

/** DescribeInstanceInformation answers at most 50 instances at once (SSM API reference). */
const INSTANCES_PER_REQUEST = 50;

/** How long SSM may take to hand a command to the agent before it gives up; it allows 30 s at least. */
const DELIVERY_TIMEOUT_SECONDS = 600;

export function commandCalls({ ssm }: Clients): CommandCalls {
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

    sendCommand: ({ instanceIds, comment, script, timeoutSeconds }) =>
      asked('SendCommand', async () => {
        const answer = await ssm.send(
          new SendCommandCommand({
            DocumentName: 'AWS-RunShellScript',
            InstanceIds: [...instanceIds],
            Comment: comment.slice(0, 100),
            TimeoutSeconds: DELIVERY_TIMEOUT_SECONDS,
            Parameters: { commands: script.split('\n'), executionTimeout: [String(Math.max(timeoutSeconds, 5))] },
          }),
        );
        const id = answer.Command?.CommandId;
        if (id === undefined) throw new Error('SendCommand answered without a command');
        return id;
      }),

    commandEnd: async (CommandId, InstanceId) => {
      try {
        const end = await asked('GetCommandInvocation', () =>
          ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId })),
        );
        if (isUnderWay(end.StatusDetails)) return undefined;
        return {
          exitCode: end.ResponseCode ?? -1,
          detail: end.StatusDetails ?? '',
          output: end.StandardOutputContent ?? '',
          errorOutput: end.StandardErrorContent ?? '',
        };
      } catch (error) {
        // Normal right after SendCommand: the invocation is not there yet.
        if (codeOf(error) === 'InvocationDoesNotExist') return undefined;
        throw error;
      }
    },

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

function isUnderWay(details = 'Pending'): boolean {
  return ['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(details);
}
