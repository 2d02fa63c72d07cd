import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import type { Repository } from '../repository.js';

/** Of the sandbox's time. */
export const POLL_SECONDS = '0.4';

export interface Product {
  readonly child: ChildProcess;
  /** When it is gone, however it went. */
  readonly ended: Promise<ProductEnd>;
}

export interface ProductEnd {
  /** Undefined: a signal ended it. */
  readonly status: number | undefined;
  readonly output: string;
}

export const REGION = 'us-west-2';

const BUILD = ['build', '--region', REGION, '--instance-profile', 'builder', '--poll-interval', POLL_SECONDS];

export interface ProductOptions {
  readonly repository: Repository;
  readonly environment: Readonly<Record<string, string>>;
  /** Default: build. */
  readonly command?: readonly string[];
  /** A compiled file. Default: the command line. */
  readonly program?: string;
  /** More flags of a build. */
  readonly flags?: readonly string[];
}

/** `ami-layers build` (or another command) as users run it, in a process of its own. */
export function startProduct({
  repository,
  environment,
  flags = [],
  command = [...BUILD, ...flags],
  program = 'src/cli.js',
}: ProductOptions): Product {
  const child = spawn(process.execPath, [compiled(program), ...command], {
    cwd: repository.root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  const ended = new Promise<ProductEnd>((resolve) => {
    child.once('close', (status) => resolve({ status: status ?? undefined, output }));
  });
  return { child, ended };
}

/** A compiled file, whether this one is compiled too or run from the sources. */
export function compiled(path: string): string {
  const candidates = [`../../${path}`, `../../build/${path}`].map((place) => new URL(place, import.meta.url));
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined) throw new Error(`${path} is not built. Fix: run "npm run build"`);
  return fileURLToPath(found);
}
