import { networkInterfaces } from 'node:os';

/** Where an instance of the sandbox reaches a server of this machine that listens on all of its addresses: not on loopback. */
export function machineAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no address but loopback, so nothing on it can be reached');
  return found.address;
}
