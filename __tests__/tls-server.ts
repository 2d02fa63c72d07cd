import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Reach } from '../src/workspace/fetch-template.js';

export interface TlsServer {
  readonly port: number;
  /** Finds every name on this machine, and believes the server. */
  readonly reach: Reach & { readonly ca: string };
  readonly stop: () => Promise<void>;
}

/** A real https server for the name `there`, with a certificate of its own in the folder. */
export async function startTlsServer(folder: string, listener: RequestListener): Promise<TlsServer> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const name = ['-subj', '/CN=there', '-addext', 'subjectAltName=DNS:there', '-days', '1', '-nodes'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' });
  const ca = readFileSync(cert, 'utf8');
  const server = createServer({ key: readFileSync(key), cert: ca }, listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    reach: { resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]), isAllowed: () => true, ca },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
