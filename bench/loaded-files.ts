import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Timed } from './rounds.js';

export interface LoadedFiles {
  readonly count: number;
  readonly bytes: number;
}

const LIST = `process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  require('node:fs').writeFileSync(process.env.BENCH_LOADED_FILES, JSON.stringify(files));
});`;

/** Which of the bundle's files one run loads. Counts do not depend on how busy the machine is. */
export function countLoadedFiles({ args, env = {} }: Timed, folder: string): LoadedFiles {
  const lister = join(folder, 'list-loaded.cjs');
  const list = join(folder, 'loaded.json');
  writeFileSync(lister, LIST);
  execFileSync(process.execPath, ['--require', lister, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...env, BENCH_LOADED_FILES: list },
  });
  const files = JSON.parse(readFileSync(list, 'utf8')) as readonly string[];
  return { count: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}
