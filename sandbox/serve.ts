import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl, type ControlledDaemon } from './answer-control.js';
import { foreignOrigin } from './check-origin.js';
import { CONTROL_PATH, TOKEN_HEADER } from './control.js';
import { isSame } from './keyring.js';
import { answerAws, refuseLongBody } from './wire/answer-aws.js';

/** Longer than any request that EC2 or SSM would take. */
const MOST_BODY_BYTES = 8_388_608;

export interface ServeOptions {
  readonly daemon: ControlledDaemon;
  /** What a control call must show. */
  readonly token: string;
  readonly onRequest: () => void;
}

/** One port for AWS's services and, under /_sandbox/, for control. */
export function makeServer({ daemon, token, onRequest }: ServeOptions): Server {
  return createServer((request, response) => {
    const foreign = foreignOrigin(request.headers);
    if (foreign !== undefined) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(foreign);
      return;
    }
    onRequest();
    const answered = request.url?.startsWith(CONTROL_PATH)
      ? serveControl(daemon, token, request, response)
      : serveAws(daemon, request, response);
    answered.catch((error: unknown) => {
      // A client that hung up in the middle of its request is nobody's bug.
      if (!request.destroyed || request.complete) console.error(error);
      response.destroy();
    });
  });
}

async function serveAws(
  { world }: ControlledDaemon,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '/', headers } = request;
  const body = await readBody(request);
  const answer = body === undefined ? refuseLongBody(headers) : await answerAws(world, { method, url, headers, body });
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': answer.contentType, 'x-amzn-requestid': answer.requestId });
  response.end(answer.body);
}

async function serveControl(
  daemon: ControlledDaemon,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('connection', 'close');
  const body = (await readBody(request))?.toString() ?? '';
  if (!isSame(String(request.headers[TOKEN_HEADER]), token)) {
    response.writeHead(403).end('wrong token');
    return;
  }
  const call = request.url?.slice(CONTROL_PATH.length) ?? '';
  let value: unknown;
  try {
    value = await answerControl(daemon, call, JSON.parse(body));
  } catch (error) {
    response.writeHead(400).end(error instanceof Error ? error.message : String(error));
    return;
  }
  if (value === undefined) response.writeHead(404).end(`no such call: ${call}`);
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Undefined: it is too long. Then it was read to its end all the same, else the client would not see an answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length <= MOST_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length <= MOST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
