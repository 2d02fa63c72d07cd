import { createServer, request as ask } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ProxyServer {
  /** With a name and a password, which it records and does not check. */
  readonly url: string;
  /** `CONNECT host:port` and `METHOD http://…`, with the credentials that came with it. */
  readonly requests: string[];
  readonly stop: () => Promise<void>;
}

/** A forward proxy. `portOf`: where on this machine is what a tunnel asks for. */
export async function startProxyServer(portOf: (place: string) => number): Promise<ProxyServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const record = (what: string, authorization = ''): void => {
    requests.push(`${what} ${Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()}`);
  };
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '');
    record(`${incoming.method ?? ''} ${url.href}`, incoming.headers['proxy-authorization']);
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = incoming.headers;
    const onward = ask(url, { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (incoming, socket: Socket) => {
    const place = incoming.url ?? '';
    record(`CONNECT ${place}`, incoming.headers['proxy-authorization']);
    const onward = connect(portOf(place), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    open.add(onward);
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://amy:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
