import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';

/** AWS requests sent so far, by operation. */
export type ApiCalls = Record<string, number>;

export interface Clients {
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  /**
   * For requests that must not be sent twice: SendCommand has no idempotency token, and the SDK re-sends a request
   * whose connection broke after it was read. Launches go here too: a lack of capacity is answered with a status that
   * the SDK would retry in the same place, while the engine wants the next one.
   */
  readonly once: { readonly ec2: EC2Client; readonly ssm: SSMClient };
}

interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
}

/** Behind the SDK's retries, so that a request sent three times counts three times. */
const AT_EACH_ATTEMPT = { step: 'finalizeRequest', priority: 'low', name: 'countApiCalls' } as const;

/** Clients for one Region with the default credential chain and endpoints (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, …). */
export function createClients(region: string, calls: ApiCalls): Clients {
  const many = { region, maxAttempts: 5 };
  const single = { region, maxAttempts: 1 };
  return {
    ec2: createEc2(many, calls),
    ssm: createSsm(many, calls),
    once: { ec2: createEc2(single, calls), ssm: createSsm(single, calls) },
  };
}

function createEc2(options: ClientOptions, calls: ApiCalls): EC2Client {
  const client = new EC2Client(options);
  client.middlewareStack.add(
    (next, context) => (request) => {
      count(calls, context.commandName);
      return next(request);
    },
    AT_EACH_ATTEMPT,
  );
  return client;
}

function createSsm(options: ClientOptions, calls: ApiCalls): SSMClient {
  const client = new SSMClient(options);
  client.middlewareStack.add(
    (next, context) => (request) => {
      count(calls, context.commandName);
      return next(request);
    },
    AT_EACH_ATTEMPT,
  );
  return client;
}

function count(calls: ApiCalls, commandName: string | undefined): void {
  const operation = (commandName ?? 'Unknown').replace(/Command$/, '');
  calls[operation] = (calls[operation] ?? 0) + 1;
}
