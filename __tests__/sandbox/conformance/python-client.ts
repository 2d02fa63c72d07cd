import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Answer, Client, ClientOptions } from './client.js';

const HERE = import.meta.dirname;
const CACHE = path.resolve(HERE, '../../../.cache');
/** Without a network pip gives up by itself; a busy machine takes minutes. */
const INSTALL_TIMEOUT_MS = 300_000;

/** A Python that has boto3, or why there is none. */
export type Python =
  { readonly kind: 'ready'; readonly program: string } | { readonly kind: 'none'; readonly why: string };

/**
 * Makes a virtual environment with the pinned boto3 in .cache/, once for each list of requirements. It is complete when it
 * has its name, whoever else makes the same at the same time.
 */
export async function preparePython(): Promise<Python> {
  const requirements = path.join(HERE, 'requirements.txt');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const environment = path.join(CACHE, `boto3-${version}`);
  const program = path.join(environment, 'bin/python3');
  if (existsSync(environment)) return { kind: 'ready', program };
  const draft = `${environment}.${process.pid}`;
  const run = promisify(execFile);
  const options = { timeout: INSTALL_TIMEOUT_MS };
  try {
    await run('python3', ['-m', 'venv', draft], options);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--retries',
      '0',
      '--timeout',
      '10',
    ];
    await run(path.join(draft, 'bin/python3'), [...pip, '-r', requirements], options);
    await rename(draft, environment);
    return { kind: 'ready', program };
  } catch (error) {
    // What was ended in the middle may have programs of its own that still write.
    await rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    if (existsSync(environment)) return { kind: 'ready', program };
    return { kind: 'none', why: `boto3 could not be installed: ${lastWords(error)}` };
  }
}

/** Of a program that failed. One that is not there said nothing; the error itself tells. (Node's own errors are no `Error` of jest's.) */
function lastWords(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? String(error) : (said.split('\n').at(-1) ?? said);
}

/** boto3, in a Python of its own that makes one call after the other. */
export function openPython(program: string, { endpoint, region, key }: ClientOptions): Client {
  const script = path.join(HERE, 'call_boto3.py');
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = key;
  const child = spawn(program, [script, endpoint, region], {
    env: { ...process.env, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(lines, 'close');
  return {
    call: async (call): Promise<Answer> => {
      const answer = once(lines, 'line');
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const [line]: unknown[] = await Promise.race([answer, ended]);
      if (typeof line !== 'string') throw new Error('the Python client ended without an answer');
      return JSON.parse(line) as Answer;
    },
    close: () => {
      child.stdin.end();
    },
  };
}
