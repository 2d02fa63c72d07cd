import { execFile } from 'node:child_process';
import type { Base } from './base.js';
import { TOOL_ENVIRONMENT } from './run-tool.js';

/** Of this machine; the masked parts are counted too, and are small. */
const MACHINE_DIRECTORIES = ['/usr', '/etc', '/var', '/opt', '/srv', '/boot'];

/** Allocated bytes of the operating system under every image. Reads all of its directories: seconds, at low priority. */
export function measureBase({ name, root }: Base): Promise<number> {
  const directories = name === 'machine' ? MACHINE_DIRECTORIES : [root];
  const args = ['--pdeathsig', 'KILL', '--', 'nice', 'du', '-sxc', '--block-size=1', ...directories];
  return new Promise((resolve) => {
    // du fails for a file that vanishes meanwhile, and has printed the total all the same.
    execFile('setpriv', args, { env: TOOL_ENVIRONMENT }, (_error, stdout) =>
      resolve(Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1] ?? 0)),
    );
  });
}
