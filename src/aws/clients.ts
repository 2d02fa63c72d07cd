import type { Agent } from 'node:http';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { RetryStrategy, type Repeats } from './retries.js';
import type { CredentialsProvider } from './web-identity.js';

/** AWS requests sent so far, by operation. */
export type ApiCalls = Record<string, number>;

export interface Clients {
  /** What changes something carries a client token, or is the same when it is done twice. */
  readonly ec2: EC2Client;
  /** Commands have no token: what they run may run twice. */
  readonly ssm: SSMClient;
  /** For clients of other services, whose connections end with the signal. */
  readonly settingsUntil: (signal: AbortSignal) => ClientSettings;
}

export interface ClientSettings {
  readonly region: string;
  readonly credentials?: CredentialsProvider;
  readonly requestHandler?: { readonly httpAgent: Agent; readonly httpsAgent: Agent };
  readonly retryStrategy: RetryStrategy;
}

export interface ClientOptions {
  /** Without them the SDK's default chain finds some (`AWS_PROFILE`, the environment, an instance's role, …). */
  readonly credentials?: CredentialsProvider | undefined;
  readonly repeats?: Repeats | undefined;
  /** Takes requests to where they go; undefined: straight. */
  readonly agent?: EndingAgent | undefined;
}

export interface EndingAgent extends Agent {
  readonly until: (signal: AbortSignal) => Agent;
}

/** What every client of the SDK is told of the way out. */
export function wayOut(agent: Agent | undefined): { requestHandler?: { httpAgent: Agent; httpsAgent: Agent } } {
  return agent === undefined ? {} : { requestHandler: { httpAgent: agent, httpsAgent: agent } };
}

/** Behind the SDK's retries, so that a request sent three times counts three times. */
export const AT_EACH_ATTEMPT = { step: 'finalizeRequest', priority: 'low', name: 'countApiCalls' } as const;

/** Clients for one Region. Endpoints are the SDK's own matter (`AWS_ENDPOINT_URL`). */
export function createClients(
  region: string,
  calls: ApiCalls,
  { credentials, repeats = {}, agent }: ClientOptions = {},
): Clients {
  const settingsVia = (way: Agent | undefined): ClientSettings => ({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...wayOut(way),
    retryStrategy: new RetryStrategy(repeats),
  });
  const settings = settingsVia(agent);
  const ec2 = new EC2Client(settings);
  const ssm = new SSMClient(settings);
  ec2.middlewareStack.add(counting(calls), AT_EACH_ATTEMPT);
  ssm.middlewareStack.add(counting(calls), AT_EACH_ATTEMPT);
  return { ec2, ssm, settingsUntil: (signal) => settingsVia(agent?.until(signal)) };
}

interface Context {
  readonly commandName?: string;
}

/** Counts up `calls` with every request of a client. */
export function counting(
  calls: ApiCalls,
): <Request, Answer>(next: (request: Request) => Promise<Answer>, context: Context) => typeof next {
  return (next, context) => (request) => {
    const operation = (context.commandName ?? 'Unknown').replace(/Command$/, '');
    calls[operation] = (calls[operation] ?? 0) + 1;
    return next(request);
  };
}
