import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { isCapacityCode } from './failure.js';
import type { CredentialsProvider } from './web-identity.js';

/** AWS requests sent so far, by operation. */
export type ApiCalls = Record<string, number>;

export interface Clients {
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  /** For launches. A client token makes sending them again harmless, and an answer that was lost is an instance. */
  readonly launching: EC2Client;
  /** For SendCommand: it has no client token, and the SDK re-sends a request whose connection broke after it was read. */
  readonly once: SSMClient;
}

const MAX_ATTEMPTS = 5;

/** A lack of capacity comes with a status that the SDK takes for passing. It is an answer: the next place may have room. */
class LaunchRetryStrategy extends StandardRetryStrategy {
  override refreshRetryTokenForRetry(
    ...[token, failure]: Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    const error: unknown = failure.error;
    if (error instanceof Error && isCapacityCode(error.name)) return Promise.reject(error);
    return super.refreshRetryTokenForRetry(token, failure);
  }
}

/** Behind the SDK's retries, so that a request sent three times counts three times. */
const AT_EACH_ATTEMPT = { step: 'finalizeRequest', priority: 'low', name: 'countApiCalls' } as const;

/**
 * Clients for one Region. Without credentials the SDK's default chain finds them (`AWS_PROFILE`, the environment, an
 * instance's role, …); endpoints are its own matter too (`AWS_ENDPOINT_URL`).
 */
export function createClients(region: string, calls: ApiCalls, credentials?: CredentialsProvider): Clients {
  const common = { region, ...(credentials === undefined ? {} : { credentials }) };
  return {
    ec2: createEc2({ ...common, maxAttempts: MAX_ATTEMPTS }, calls),
    launching: createEc2({ ...common, retryStrategy: new LaunchRetryStrategy(MAX_ATTEMPTS) }, calls),
    ssm: createSsm({ ...common, maxAttempts: MAX_ATTEMPTS }, calls),
    once: createSsm({ ...common, maxAttempts: 1 }, calls),
  };
}

function createEc2(options: EC2ClientConfig, calls: ApiCalls): EC2Client {
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

function createSsm(options: SSMClientConfig, calls: ApiCalls): SSMClient {
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
