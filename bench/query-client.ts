import { Agent, request as sendHttp } from 'node:http';
import { credentialsOf } from '../__tests__/sandbox/support/credentials-of.js';
import { signRequest } from '../__tests__/sandbox/support/sign-request.js';
import type { Sandbox } from '../sandbox/start.js';

/** Answers as text. Every method throws when the call is refused. */
export interface QueryClient {
  readonly ec2: (parameters: Readonly<Record<string, string>>) => Promise<string>;
  readonly sts: (parameters: Readonly<Record<string, string>>) => Promise<string>;
  readonly ssm: (operation: string, parameters: object) => Promise<string>;
  readonly close: () => void;
}

/** A client as thin as can be, so that what is measured is the server: an SDK spends more on a request than the sandbox does. */
export function openQueryClient({
  sandbox,
  sockets,
}: {
  readonly sandbox: Sandbox;
  readonly sockets: number;
}): QueryClient {
  const { endpoint } = sandbox;
  const credentials = credentialsOf(sandbox);
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const post = async (service: string, more: Readonly<Record<string, string>>, body: string): Promise<string> => {
    const scope = `${service}/us-west-2`;
    const headers = await signRequest({ endpoint, scope, credentials, headers: more, body });
    return new Promise((resolve, reject) => {
      const options = { agent, method: 'POST', headers };
      const request = sendHttp(endpoint, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(text));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  };
  const query = (service: string) => (parameters: Readonly<Record<string, string>>) =>
    post(service, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams(parameters).toString());
  return {
    ec2: query('ec2'),
    sts: query('sts'),
    ssm: (operation, parameters) =>
      post('ssm', { 'x-amz-target': `AmazonSSM.${operation}` }, JSON.stringify(parameters)),
    close: () => agent.destroy(),
  };
}

/** The texts of all elements of that name in an XML answer. */
export function valuesOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => text);
}
