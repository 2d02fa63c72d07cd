import { resolve } from 'node:path';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { repositoryRoot } from './repository-root.js';
import { findSandbox, openSandbox, sandboxDirectory, type Sandbox } from './sandbox-door.js';
import { clientEnvironment, renderExports } from './sandbox-environment.js';
import type { SandboxFlags, SandboxStartFlags } from './sandbox-flags.js';
import { renderUsage } from './sandbox-usage.js';
import type { Terminal } from './terminal.js';

/** `ami-layers sandbox start`: what the shell has to evaluate on standard output, what people read on the other. */
export async function startSandbox(flags: SandboxStartFlags, terminal: Terminal): Promise<number> {
  const directory = directoryOf(flags, terminal);
  const running = await findSandbox(directory, terminal);
  const { port } = flags;
  const base = flags.base === undefined ? undefined : absoluteBase(flags.base, terminal);
  if (running !== undefined) await refuseOther(running, { port, base });
  const sandbox =
    running ??
    (await openSandbox(
      {
        directory,
        idleMinutes: Number.POSITIVE_INFINITY,
        ...(port !== undefined && { port }),
        ...(base !== undefined && { base }),
      },
      terminal,
    ));
  const wasRunning = running !== undefined;
  terminal.err(`Sandbox at ${sandbox.endpoint}${wasRunning ? ', which was running already' : ''}.`);
  if (sandbox.warning !== undefined) terminal.err(`warning: ${sandbox.warning}`);
  printEnvironment(sandbox, flags, terminal, { wasRunning });
  return 0;
}

/** `ami-layers sandbox env` */
export async function showEnvironment(flags: SandboxFlags, terminal: Terminal): Promise<number> {
  printEnvironment(await runningSandbox(flags, terminal), flags, terminal);
  return 0;
}

/** `ami-layers sandbox status`; exit status 1 when none runs. */
export async function showStatus(flags: SandboxFlags, terminal: Terminal): Promise<number> {
  const directory = directoryOf(flags, terminal);
  const sandbox = await runningSandbox(flags, terminal);
  const [usage, { base, metadata }] = await Promise.all([sandbox.control.usage(), sandbox.control.status()]);
  const { endpoint, warning } = sandbox;
  if (flags.json === true) terminal.out(toJson({ endpoint, directory, base, metadata, warning, ...usage }));
  else for (const line of renderUsage({ endpoint, directory, base, metadata, warning, usage })) terminal.out(line);
  return 0;
}

/** `ami-layers sandbox stop`: images stay. Nothing to do is done. */
export async function stopSandbox(flags: SandboxFlags, terminal: Terminal): Promise<number> {
  const directory = directoryOf(flags, terminal);
  const sandbox = await findSandbox(directory, terminal);
  await sandbox?.stop();
  const wasRunning = sandbox !== undefined;
  if (flags.json === true) terminal.out(toJson({ wasRunning }));
  else terminal.out(wasRunning ? `Stopped. Images stay in ${directory}.` : `No sandbox runs in ${directory}.`);
  return 0;
}

/** `ami-layers sandbox reset`: started for it when it does not run, because only the daemon may touch its store. */
export async function resetSandbox(flags: SandboxFlags, terminal: Terminal): Promise<number> {
  const directory = directoryOf(flags, terminal);
  const running = await findSandbox(directory, terminal);
  const sandbox = running ?? (await openSandbox({ directory }, terminal));
  const { images, instances } = await sandbox.control.usage();
  await sandbox.control.reset();
  if (running === undefined) await sandbox.stop();
  const removed = { images, instances: Object.values(instances).reduce((sum, count) => sum + count, 0) };
  if (flags.json === true) terminal.out(toJson(removed));
  else terminal.out(`Removed: ${removed.images} images, ${removed.instances} instances.`);
  return 0;
}

function directoryOf({ directory }: SandboxFlags, terminal: Terminal): string {
  return directory === undefined ? sandboxDirectory(repositoryRoot(terminal)) : resolve(terminal.directory, directory);
}

/** @throws InvalidInput when none runs. */
async function runningSandbox(flags: SandboxFlags, terminal: Terminal): Promise<Sandbox> {
  const directory = directoryOf(flags, terminal);
  const sandbox = await findSandbox(directory, terminal);
  if (sandbox !== undefined) return sandbox;
  const message = `no sandbox runs in ${directory}`;
  throw new InvalidInput([{ code: 'bad-input', message, fix: 'start one: ami-layers sandbox start' }]);
}

/** @throws InvalidInput when the sandbox that runs is not the one that was asked for. */
async function refuseOther(
  { endpoint, control }: Sandbox,
  { port, base }: { readonly port: number | undefined; readonly base: string | undefined },
): Promise<void> {
  const status = await control.status();
  const others = [
    ...(port === undefined || new URL(endpoint).port === String(port) ? [] : [`--port ${port}`]),
    ...(base === undefined || base === status.base ? [] : [`--base ${base}`]),
  ];
  if (others.length === 0) return;
  const message = `${others.join(' ')}: the sandbox runs already, at ${endpoint} with base ${status.base}`;
  throw new InvalidInput([{ code: 'bad-input', message, fix: 'stop it first: ami-layers sandbox stop' }]);
}

/** A folder as the user typed it, for whoever compares it or runs elsewhere. */
function absoluteBase(base: string, { directory }: Terminal): string {
  return base.replace(/^directory:(.*)$/s, (_all, folder: string) => `directory:${resolve(directory, folder)}`);
}

function printEnvironment(
  sandbox: Sandbox,
  flags: SandboxFlags,
  { out, data, env }: Terminal,
  more: object = {},
): void {
  const { endpoint } = sandbox;
  if (flags.json === true) out(toJson({ endpoint, ...more, environment: clientEnvironment(sandbox, env) }));
  else for (const line of renderExports(sandbox, env)) data(line);
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
