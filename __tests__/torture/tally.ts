import { createServer, type AddressInfo } from 'node:net';
import { machineAddress } from '../machine-address.js';

/** One step that has begun to run somewhere. */
export interface StepRun {
  readonly layer: string;
  readonly step: string;
  /** Instance id. */
  readonly builder: string;
}

export interface Tally {
  /** The shell line by which a step of a template says that it runs. */
  readonly line: (layer: string, step: string) => string;
  /** Every step that has begun so far. */
  readonly runs: () => readonly StepRun[];
  readonly clear: () => void;
  readonly close: () => Promise<void>;
}

/** Counts the steps that really ran, from outside: instances of the sandbox reach this machine by its address. */
export async function openTally(): Promise<Tally> {
  let runs: StepRun[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (text += part));
    socket.on('error', () => undefined);
    socket.on('end', () => {
      const [layer = '', step = '', builder = ''] = text.trim().split(' ');
      runs.push({ layer, step, builder });
      // The step goes on when its line has been taken down.
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    line: (layer, step) => `echo "${layer} ${step} $AWS_SSM_INSTANCE_ID" >/dev/tcp/${machineAddress()}/${port}`,
    runs: () => runs,
    clear: () => {
      runs = [];
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
