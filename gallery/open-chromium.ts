import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Missing } from './missing.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const TIMEOUT_MS = 60_000;
const BUDGET_MS = 30_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A headless Chromium. It is started anew for every page. */
export interface Chromium {
  /** The page's HTML after its scripts have run. */
  readonly dump: (html: string, size: Size) => Promise<string>;
  readonly screenshot: (html: string, size: Size) => Promise<Buffer>;
}

export function openChromium(path: string): Chromium | Missing {
  const program = findProgram(path);
  if (program === undefined) return { missing: `there is no ${NAMES.join(', ')} on the path` };

  const visit = async <Result>(
    html: string,
    { width, height }: Size,
    take: (directory: string, run: (...flags: readonly string[]) => Promise<string>) => Promise<Result>,
  ): Promise<Result> => {
    const directory = await mkdtemp(join(tmpdir(), 'chromium-'));
    try {
      const page = join(directory, 'page.html');
      await writeFile(page, html);
      return await take(directory, async (...flags) => {
        const always = [
          '--headless=new',
          '--no-sandbox',
          '--disable-gpu',
          '--hide-scrollbars',
          '--allow-file-access-from-files',
          `--user-data-dir=${join(directory, 'profile')}`,
          `--window-size=${width},${height}`,
          `--virtual-time-budget=${BUDGET_MS}`,
        ];
        const { stdout } = await promisify(execFile)(program, [...always, ...flags, pathToFileURL(page).href], {
          timeout: TIMEOUT_MS,
          maxBuffer: 64 * 1024 * 1024,
        });
        return stdout;
      });
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    }
  };

  return {
    dump: (html, size) => visit(html, size, (_directory, run) => run('--dump-dom')),
    screenshot: (html, size) =>
      visit(html, size, async (directory, run) => {
        const file = join(directory, 'page.png');
        await run(`--screenshot=${file}`);
        return readFile(file);
      }),
  };
}

function findProgram(path: string): string | undefined {
  return path
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
