import { createServer, type AddressInfo, type Socket } from 'node:net';
import { machineAddress } from '../machine-address.js';

/** Something that a step or check on an instance waits for, as long as a test wants it to. */
export interface Latch {
  /** A command of bash that ends well when the latch is opened, at once if it is open. */
  readonly wait: string;
  readonly open: () => void;
  readonly close: () => void;
}

export async function makeLatch(): Promise<Latch> {
  const waiting = new Set<Socket>();
  let isOpen = false;
  const server = createServer((socket) => {
    // An instance that ends hangs up.
    socket.on('error', () => undefined).on('close', () => waiting.delete(socket));
    waiting.add(socket);
    if (isOpen) socket.end('\n');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    wait: `read -r _ </dev/tcp/${machineAddress()}/${(server.address() as AddressInfo).port}`,
    open: () => {
      isOpen = true;
      for (const socket of waiting) socket.end('\n');
    },
    close: () => {
      for (const socket of waiting) socket.destroy();
      server.close();
    },
  };
}
