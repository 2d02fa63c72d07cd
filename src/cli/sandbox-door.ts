import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { gitStart } from '../workspace/git-arguments.js';
import type { Terminal } from './terminal.js';

/** The one place in src/ that knows where the sandbox is; loaded only when somebody asks for it. */
const load = () => import('../../sandbox/start.js');

type SandboxModule = Awaited<ReturnType<typeof load>>;
export type Sandbox = Awaited<ReturnType<SandboxModule['startSandbox']>>;
export type SandboxOptions = Parameters<SandboxModule['startSandbox']>[0];

/**
 * Starts the sandbox of that directory, or joins the one that runs.
 *
 * @throws InvalidInput when this machine cannot run one, or the directory is not this user's own.
 */
export async function openSandbox(options: SandboxOptions, { env }: Pick<Terminal, 'env'>): Promise<Sandbox> {
  refuseOthersFolder(options.directory, env);
  const { startSandbox } = await load();
  try {
    return await startSandbox(options);
  } catch (error) {
    const [, message, fix] = /^(.*?)\.? Fix: (.*)$/s.exec(error instanceof Error ? error.message : '') ?? [];
    if (message === undefined || fix === undefined) throw error;
    throw new InvalidInput([{ code: 'bad-input', message, fix }]);
  }
}

/** The sandbox that runs there; undefined when none does. */
export async function findSandbox(directory: string, { env }: Pick<Terminal, 'env'>): Promise<Sandbox | undefined> {
  refuseOthersFolder(directory, env);
  const { findDaemon } = await load();
  return findDaemon(directory);
}

/** A Region for whoever named none: the sandbox needs none, but every image has one. */
export const SANDBOX_REGION = 'us-west-2';

/** Where the sandbox of a repository keeps its images. */
export function sandboxDirectory(root: string): string {
  return resolve(root, '.sandbox');
}

/**
 * The folder says which daemon to talk to, and a daemon writes into it as root: it has to be one that the sandbox made for
 * this user, and nothing that came with a repository.
 */
function refuseOthersFolder(directory: string, env: Terminal['env']): void {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const owners = [userInfo().uid, ...(userInfo().uid === 0 ? [Number(env.SUDO_UID)] : [])];
  const problem = stats.isSymbolicLink()
    ? 'is a symbolic link'
    : !stats.isDirectory()
      ? 'is no folder'
      : !owners.includes(stats.uid)
        ? 'belongs to another user'
        : isTracked(directory, env)
          ? 'is tracked by git, so it came with the repository'
          : hasLinks(directory)
            ? 'has a symbolic link in it, which no sandbox made'
            : undefined;
  if (problem === undefined) return;
  const message = `the sandbox keeps nothing in ${directory}, which ${problem}`;
  const fix =
    'look at what is there and remove it, or name another folder with `ami-layers sandbox start --directory`.';
  throw new InvalidInput([{ code: 'bad-input', message, fix }]);
}

function isTracked(directory: string, env: Terminal['env']): boolean {
  const around = dirname(directory);
  const start = gitStart(around, env);
  try {
    const listed = execFileSync('git', [...start.leading, 'ls-files', '-z', '--', `:(literal)${directory}`], {
      cwd: around,
      env: start.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.length > 0;
  } catch {
    // No repository, or none that git would read.
    return false;
  }
}

function hasLinks(directory: string): boolean {
  return readdirSync(directory, { withFileTypes: true }).some((entry) => entry.isSymbolicLink());
}
