import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** The files a step talks to the runner through, new for every step. */
export interface CommandFiles {
  /** `GITHUB_OUTPUT` and the others, with their paths. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the step wrote; a file with something unreadable in it counts as empty and is a problem. Removes the files. */
  readonly collect: () => CollectedFiles;
}

export interface CollectedFiles {
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string>;
  /** Folders to put before PATH, in the order they were written. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly problems: readonly FileProblem[];
}

export interface FileProblem {
  /** In the runner's words. */
  readonly message: string;
  /** Whether the runner fails the step for it. */
  readonly fatal: boolean;
}

/** A larger summary is not shown at all (docs.github.com, Workflow commands, step isolation and limits). */
export const SUMMARY_LIMIT_BYTES = 1024 * 1024;

/** Makes the empty files in a folder below `temp`. */
export function makeCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands');
  const suffix = randomUUID();
  const fileOf = (prefix: string) => join(folder, `${prefix}_${suffix}`);
  const environment = {
    GITHUB_OUTPUT: fileOf('set_output'),
    GITHUB_STATE: fileOf('save_state'),
    GITHUB_ENV: fileOf('set_env'),
    GITHUB_PATH: fileOf('add_path'),
    GITHUB_STEP_SUMMARY: fileOf('step_summary'),
  };
  mkdirSync(folder, { recursive: true });
  for (const file of Object.values(environment)) writeFileSync(file, '');

  return {
    environment,
    collect: () => {
      const problems: FileProblem[] = [];
      const pairsOf = (file: string, name: string): ReadonlyMap<string, string> => {
        const parsed = parsePairs(readFileSync(file, 'utf8'));
        if (parsed.ok) return parsed.pairs;
        const message = `Unable to process file command '${name}' successfully. ${parsed.problem}`;
        problems.push({ message, fatal: true });
        return new Map();
      };
      const summary = readFileSync(environment.GITHUB_STEP_SUMMARY, 'utf8');
      const bytes = Buffer.byteLength(summary);
      if (bytes > SUMMARY_LIMIT_BYTES) {
        const size = `supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k`;
        problems.push({ message: `$GITHUB_STEP_SUMMARY upload aborted, ${size}.`, fatal: false });
      }
      const collected = {
        outputs: pairsOf(environment.GITHUB_OUTPUT, 'output'),
        state: pairsOf(environment.GITHUB_STATE, 'state'),
        environment: pairsOf(environment.GITHUB_ENV, 'env'),
        path: readFileSync(environment.GITHUB_PATH, 'utf8').split('\n').filter(Boolean),
        summary: bytes > SUMMARY_LIMIT_BYTES ? '' : summary,
        problems,
      };
      for (const file of Object.values(environment)) rmSync(file);
      return collected;
    },
  };
}

type ParsedPairs =
  { readonly ok: true; readonly pairs: ReadonlyMap<string, string> } | { readonly ok: false; readonly problem: string };

/**
 * `name=value` and `name<<delimiter` up to a line that is the delimiter; the last of two equal names wins.
 * Source: actions/runner, src/Runner.Worker/FileCommandManager.cs.
 */
export function parsePairs(text: string): ParsedPairs {
  const pairs = new Map<string, string>();
  const lines = text.split('\n');
  // A line break ends the last line, it does not begin another.
  if (lines.at(-1) === '') lines.pop();

  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [, name, operator, rest] = /^(.*?)(<<|=)(.*)$/s.exec(line) ?? [];
    if (!name || rest === undefined) return { ok: false, problem: `Invalid format '${line}'` };
    if (operator === '=') {
      pairs.set(name, rest);
      continue;
    }
    if (rest === '') return { ok: false, problem: `Invalid format '${line}'. Name and delimiter must not be empty` };
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) return { ok: false, problem: `Invalid value. Matching delimiter not found '${rest}'` };
    pairs.set(name, lines.slice(index + 1, end).join('\n'));
    index = end;
  }
  return { ok: true, pairs };
}
