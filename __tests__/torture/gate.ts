import { createServer, request, Agent, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passing {
  /** 1 for the first request through this gate. */
  readonly number: number;
  readonly operation: string;
  /** 1 for the first request of this operation. */
  readonly ofOperation: number;
}

/** Called when a request has come, and when it has been answered, which waits for it; `lost`: the client never hears of it (again). */
export interface Guard {
  readonly before?: (passing: Passing) => Ruling | Promise<Ruling>;
  readonly after?: (passing: Passing) => Ruling | Promise<Ruling>;
}

export type Ruling = 'pass' | 'lost';

export interface Gate {
  /** What a client is given as AWS's address. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** Stands between one client and the sandbox, and sees each request come and go. */
export async function openGate(target: string, guard: Guard): Promise<Gate> {
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let number = 0;
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const body = await read(incoming);
      const operation = operationOf(incoming, body.toString());
      const ofOperation = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, ofOperation);
      number += 1;
      const passing = { number, operation, ofOperation };
      if ((await guard.before?.(passing)) === 'lost') return void outgoing.destroy();
      const { status, headers, content } = await forward(incoming, body);
      if ((await guard.after?.(passing)) === 'lost') return void outgoing.destroy();
      outgoing.writeHead(status, headers).end(content);
    };
    // Whoever was cut off asks for nothing more.
    pass().catch(() => outgoing.destroy());
  });

  const forward = async ({ method, url, headers }: IncomingMessage, body: Buffer) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(url ?? '/', target), { method: method ?? 'POST', headers, agent }, resolve)
        .once('error', reject)
        .end(body);
    });
    const content = await read(answer);
    const { 'content-type': type = '', 'x-amzn-requestid': id = '' } = answer.headers;
    return { status: answer.statusCode ?? 500, headers: { 'content-type': type, 'x-amzn-requestid': id }, content };
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** EC2 and STS name it in the form that they are sent, Systems Manager in a header. */
function operationOf({ headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return new URLSearchParams(body).get('Action') ?? '';
}
