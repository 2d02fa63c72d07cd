import { resolve } from 'node:path';
import { InvalidInput } from '../diagnostics/diagnostic.js';

/** The one place in src/ that knows where the sandbox is; loaded only when somebody asks for it. */
const load = () => import('../../sandbox/start.js');

type SandboxModule = Awaited<ReturnType<typeof load>>;
export type Sandbox = Awaited<ReturnType<SandboxModule['startSandbox']>>;
export type SandboxOptions = Parameters<SandboxModule['startSandbox']>[0];

/**
 * Starts the sandbox of that directory, or joins the one that runs.
 *
 * @throws InvalidInput when this machine cannot run one.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
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
export async function findSandbox(directory: string): Promise<Sandbox | undefined> {
  const { findDaemon } = await load();
  return findDaemon(directory);
}

/** A Region for whoever named none: the sandbox needs none, but every image has one. */
export const SANDBOX_REGION = 'us-west-2';

/** Where the sandbox of a repository keeps its images. */
export function sandboxDirectory(root: string): string {
  return resolve(root, '.sandbox');
}
