import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { posix } from 'node:path';
import { pack } from 'tar-stream';
import type { LayerNode } from '../graph/layer-graph.js';
import type { Workspace } from '../workspace/workspace.js';
import { RUN_CHECKS, type CheckFiles } from './on-instance/run-checks.js';
import { RUNNER } from './on-instance/runner.js';
import { placedPath } from './settings/files.js';
import { secretFiles } from './settings/secrets.js';

/** What travels to an instance: one compressed archive with everything that will run there. */
export interface Bundle {
  readonly archive: Buffer;
  /** SHA-256 of the archive, 64 hex digits. */
  readonly sha256: string;
}

export interface BundleFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

const PRIVATE = 0o600;
const PROGRAM = 0o700;

/** A script and how long it may take. */
export interface BundledStep {
  readonly script: string;
  readonly timeoutSeconds: number;
}

/** The steps of a builder, in order; `runner start` runs them. */
export async function stepsBundle(
  node: LayerNode,
  steps: readonly BundledStep[],
  workspace: Workspace,
): Promise<Bundle> {
  return toArchive([
    ...common(node),
    { path: 'runner', content: RUNNER, mode: PROGRAM },
    { path: 'steps/count', content: String(steps.length), mode: PRIVATE },
    ...steps.flatMap(({ script, timeoutSeconds }, index) => [
      { path: `steps/${index + 1}`, content: script, mode: PRIVATE },
      { path: `steps/${index + 1}.timeout`, content: String(timeoutSeconds), mode: PRIVATE },
    ]),
    ...secretFiles(node.layer.secrets).map(({ path, content, isProgram }) => ({
      path,
      content,
      mode: isProgram ? PROGRAM : PRIVATE,
    })),
    ...inputFiles(node, workspace),
    ...placedFiles(node, workspace),
  ]);
}

/** The checks of a test instance, in order; `run-checks` runs them all. */
export async function checksBundle(node: LayerNode, checks: readonly CheckFiles[]): Promise<Bundle> {
  return toArchive([
    ...common(node),
    { path: 'run-checks', content: RUN_CHECKS, mode: PROGRAM },
    { path: 'checks/count', content: String(checks.length), mode: PRIVATE },
    ...checks.flatMap((check, index) => filesOf(check, `checks/${index + 1}`)),
  ]);
}

/** The environment, and the folder scripts start in: the template's own, so that inputs have the paths they are written with. */
function common(node: LayerNode): readonly BundleFile[] {
  const folder = posix.dirname(node.layer.templatePath);
  return [
    { path: 'environment', content: environmentScript(node.env), mode: PRIVATE },
    { path: 'folder', content: folder, mode: PRIVATE },
    { path: `files/${folder}/.keep`, content: '', mode: PRIVATE },
  ];
}

/** Shell text that exports the variables; values are quoted, so nothing in them is ever executed. */
export function environmentScript(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}

/** What the steps need beside them, by its path below the bundle. */
export function inputFiles(node: LayerNode, workspace: Workspace): readonly BundleFile[] {
  const inputs = new Map(node.layer.steps.flatMap((step) => step.inputs.map((input) => [input.path, input])));
  return [...inputs.values()].map((input) => ({
    path: `files/${input.path}`,
    content: contentOf(input.path, workspace),
    mode: input.executable ? PROGRAM : PRIVATE,
  }));
}

function placedFiles(node: LayerNode, workspace: Workspace): readonly BundleFile[] {
  const files = new Map(node.layer.files.map((file) => [placedPath(file), file]));
  return [...files].map(([path, file]) => ({ path, content: contentOf(file.path, workspace), mode: PRIVATE }));
}

function contentOf(path: string, workspace: Workspace): Uint8Array {
  const content = workspace.read(path);
  if (content === undefined) throw new Error(`${path} was there when the templates were read and is gone now`);
  return content;
}

function filesOf(check: CheckFiles, folder: string): readonly BundleFile[] {
  const texts = {
    run: check.run,
    'exit-code': String(check.exitCode),
    contains: check.contains,
    equals: check.equals,
    matches: check.matches,
  };
  return Object.entries(texts).flatMap(([name, content]) =>
    content === undefined ? [] : [{ path: `${folder}/${name}`, content, mode: PRIVATE }],
  );
}

/** Times are zero, so that the same files give the same archive. */
async function toArchive(files: readonly BundleFile[]): Promise<Bundle> {
  const tar = pack();
  for (const { path, content, mode } of files) {
    tar.entry({ name: path, mode, mtime: new Date(0) }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const archive = gzipSync(Buffer.concat(chunks), { level: 9 });
  return { archive, sha256: createHash('sha256').update(archive).digest('hex') };
}
