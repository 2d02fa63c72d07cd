import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

const CLI = resolve('build/src/cli.js');

/** The page of a code in docs/diagnostics. */
export function pageOf(code: string): string {
  return `docs/diagnostics/${code}.md`;
}

/** What a page shows, done in a folder of its own. */
export interface Shown {
  /** The output of the example as the page has it, and as it really is. */
  readonly written: string;
  readonly actual: string;
  /** The codes that the example has by now. */
  readonly codes: readonly string[];
  /** What is left to say once the example has been mended. */
  readonly mended: string;
}

/** Follows a page: makes its files, runs its commands, then makes the changes under "Mended". */
export function follow(page: string): Shown {
  const [before = '', after = ''] = readFileSync(page, 'utf8').split('\n## Mended\n');
  const folder = temporaryFolder({ 'templates/.keep': '' });
  const [, command = '', written = ''] = /```console\n\$ ([^\n]*)\n(.*?)```/s.exec(before) ?? [];
  apply(before, folder);
  const found = check(command, folder);
  apply(after, folder);
  const mendedCommand = /```console\n\$ (.*)\n/.exec(after)?.[1] ?? 'ami-layers plan';
  return { written, ...found, actual: shorten(found.actual), mended: check(mendedCommand, folder).actual };
}

/** Of an output that goes on and on, its first problems, the last one and the number of all. */
function shorten(output: string): string {
  const problems = output.split('\n\n');
  return problems.length <= 20 ? output : [...problems.slice(0, 2), '…', ...problems.slice(-2)].join('\n\n');
}

/** Blocks that begin with `# <path>` are files, other `sh` blocks are commands. */
function apply(text: string, folder: string): void {
  for (const [, language, body = ''] of text.matchAll(/^```(yaml|sh)\n(.*?)^```$/gms)) {
    const path = /^# (\S+\/\S+)\n/.exec(body)?.[1];
    if (path !== undefined) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), body);
    } else if (language === 'sh' && !body.startsWith('ami-layers')) {
      execFileSync('bash', ['-eu', '-c', body], { cwd: folder });
    }
  }
}

function check(command: string, folder: string): Pick<Shown, 'actual' | 'codes'> {
  const words = command.split(' ').slice(1);
  if (words.length === 1 && words[0] === 'plan') return checkTemplates(folder);
  const env = { PATH: process.env.PATH, HOME: folder };
  const { stderr, status } = spawnSync(process.execPath, [CLI, ...words], { cwd: folder, env, encoding: 'utf8' });
  const actual = status === 0 ? '' : stderr;
  return { actual, codes: [...actual.matchAll(/^error: .*\((\S+)\)$/gm)].map(([, code = '']) => code) };
}

/** What `ami-layers plan` does before it asks AWS; a process of its own takes a second. */
function checkTemplates(folder: string): Pick<Shown, 'actual' | 'codes'> {
  const loaded = loadTemplates({ workspace: createFsWorkspace(folder), templates: ['templates'] });
  const linked = linkLayers(loaded.layers, { brokenTemplates: loaded.brokenTemplates });
  const diagnostics: readonly Diagnostic[] = [...loaded.diagnostics, ...linked.diagnostics];
  const text = renderDiagnostics(diagnostics);
  return { actual: text === '' ? '' : `${text}\n`, codes: diagnostics.map(({ code }) => code) };
}

/** Writes the real output into a page. */
export function renewOutput(page: string, actual: string): void {
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/(```console\n\$ [^\n]*\n).*?```/s, (_, head: string) => `${head}${actual}\`\`\``),
  );
}
