import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CacheRequest } from './cache-request.js';
import type { Environment } from './event.js';

/** The repository's cache at GitHub: texts by key. Each key is written once; any entry may be gone at any time. */
export interface CacheService {
  /** The newest text whose key begins so; undefined: there is none. */
  readonly find: (prefix: string) => Promise<string | undefined>;
  readonly add: (key: string, text: string) => Promise<void>;
}

/** This process, and how to start its like. */
export interface Program {
  /** The file that Node was started with. */
  readonly file: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** How long a request may take, with all of @actions/cache's attempts: a build waits for it. */
const LIMIT_MS = 10_000;

/** Whose cache has let a request wait for nothing: it is not asked again. */
const SILENT = new WeakSet<Program>();

/** How @actions/cache says that something came to nothing; it does not throw. */
const FAILURE = /^(?:::(?:warning|error)::)?((?:Failed to|Cache (?:save|restore) skipped).*)$/m;

/**
 * Each request is a process of its own (cache-request.ts), because @actions/cache warns on the run of what nobody needs to
 * know, goes on asking a service that does not answer for minutes, and packs files below the one workspace of a process.
 * `name`: of the file that is packed; entries with another one are not seen. Undefined where the runner offers no cache.
 */
export function openCacheService(program: Program, name: string, limitMs = LIMIT_MS): CacheService | undefined {
  const { file, env, signal } = program;
  if ((env.ACTIONS_RUNTIME_TOKEN ?? '') === '') return undefined;

  const ask = async (folder: string, request: CacheRequest): Promise<void> => {
    if (SILENT.has(program)) throw new Error('it has not answered before');
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...request], {
      cwd: folder,
      env: { ...env, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
      signal,
      timeout: limitMs,
      killSignal: 'SIGKILL',
    }).catch((error: unknown) => {
      const { killed } = error as ExecFileException;
      if (killed !== true) throw error;
      SILENT.add(program);
      throw new Error(`not done within ${limitMs / 1000} s`);
    });
    const [, failure] = FAILURE.exec(stdout) ?? [];
    if (failure !== undefined) throw new Error(failure);
  };

  const inFolder = async <Result>(work: (folder: string, packed: string) => Promise<Result>): Promise<Result> => {
    const folder = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), 'ami-layers-cache-'));
    try {
      return await work(folder, join(folder, name));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  return {
    find: (prefix) =>
      inFolder(async (folder, packed) => {
        await ask(folder, ['find', name, prefix]);
        return existsSync(packed) ? readFileSync(packed, 'utf8') : undefined;
      }),
    add: (key, text) =>
      inFolder(async (folder, packed) => {
        writeFileSync(packed, text);
        await ask(folder, ['add', name, key]);
      }),
  };
}
