import * as ec2 from '@aws-sdk/client-ec2';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import type { Answer, Call, Client, ClientOptions } from './client.js';

interface Sender {
  readonly send: (command: never) => Promise<object>;
  readonly destroy: () => void;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The AWS SDK for JavaScript. */
export function openJavaScript({ endpoint, region, key }: ClientOptions): Client {
  const options = { endpoint, region, credentials: key, maxAttempts: 1 };
  const modules = { ec2, ssm, sts };
  const clients: Readonly<Record<Call['service'], Sender>> = {
    ec2: new ec2.EC2Client(options),
    ssm: new ssm.SSMClient(options),
    sts: new sts.STSClient(options),
  };
  return {
    call: async ({ service, operation, parameters }): Promise<Answer> => {
      const commands: Readonly<Record<string, unknown>> = modules[service];
      const Command = commands[`${operation}Command`] as new (input: unknown) => never;
      try {
        const answer = await clients[service].send(new Command(withDates(parameters)));
        const { $metadata: _metadata, ...value } = answer as Record<string, unknown>;
        return { kind: 'answered', value: JSON.parse(JSON.stringify(value)) };
      } catch (error) {
        if (!(error instanceof Error && '$metadata' in error)) throw error;
        const { httpStatusCode: status = 0 } = error.$metadata as { readonly httpStatusCode?: number };
        // What this SDK says of a refusal without a message, which is how Systems Manager words some of them.
        const message = error.message === 'UnknownError' ? '' : error.message;
        return { kind: 'refused', code: error.name, message, status };
      }
    },
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Python's SDK takes times as text; JavaScript's does not. */
function withDates(value: unknown): unknown {
  if (typeof value === 'string') return ISO_TIME.test(value) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, withDates(item)]));
}
