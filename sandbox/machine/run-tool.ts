import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
}

/**
 * Runs one of the machine's own programs (mount, mkfs, cp, sh) to its end and returns its standard output.
 *
 * @throws Error with the program's last words when it fails.
 */
export async function runTool(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { ...options, env: TOOL_ENVIRONMENT, maxBuffer: 16_777_216 });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`${program} failed: ${said}`, { cause: error });
  }
}

/** Programs for administrators are often not on an ordinary user's PATH. */
export const TOOL_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
} as const;
