import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { posix } from 'node:path';
import { pack } from 'tar-stream';
import type { LayerNode } from '../graph/layer-graph.js';
import { baseText } from '../template/base-text.js';
import type { Architecture, InputFile } from '../template/layer.js';
import type { Workspace } from '../workspace/workspace.js';
import { environmentProgram, wayToAws } from './on-instance/environment.js';
import { manifestScript, SHOW_MANIFEST, type ManifestLayer } from './on-instance/manifest.js';
import { BUNDLE_ROOT, TEST_ROOT } from './on-instance/layout.js';
import { RUN_CHECKS, type CheckFiles } from './on-instance/run-checks.js';
import { RUNNER } from './on-instance/runner.js';
import { sealScript } from './on-instance/seal.js';
import { failed } from './failed.js';
import type { RunnerStep } from './runner-step.js';
import { placedPath } from './settings/files.js';
import { secretFiles } from './settings/secrets.js';

/** What travels to an instance: one compressed archive with everything that will run there. */
export interface Bundle {
  /** The folder on the instance. */
  readonly root: string;
  readonly archive: Buffer;
  /** SHA-256 of the archive, 64 hex digits. */
  readonly sha256: string;
  /** What the command that delivers it does last, when its runner has begun. */
  readonly afterwards: string;
}

export interface BundleFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

const PRIVATE = 0o600;
const PROGRAM = 0o700;

/** As git checks files out: a step that copies one installs it for everybody. Nobody else comes into the folder. */
const FILE = 0o644;
const EXECUTABLE_FILE = 0o755;

export interface StepsBundle {
  readonly node: LayerNode;
  readonly architecture: Architecture;
  readonly templateHash: string;
  readonly steps: readonly RunnerStep[];
  /** Milliseconds since the epoch; the builder ends itself then. */
  readonly expiresAt: number;
}

/** What a builder runs: the steps in order, then what writes down what is there, then the seal. */
export async function stepsBundle(parts: StepsBundle, workspace: Workspace): Promise<Bundle> {
  const { node, architecture, steps, templateHash, expiresAt } = parts;
  const archive = await toArchive([
    ...common(node, steps, expiresAt),
    { path: 'environment', content: environmentProgram(node.env), mode: PROGRAM },
    { path: 'manifest', content: manifestScript(manifestLayer(node, architecture, templateHash)), mode: PRIVATE },
    { path: 'seal', content: sealScript(node.sealAllow), mode: PROGRAM },
    { path: 'template-hash', content: templateHash, mode: PRIVATE },
    ...secretFiles(node.layer.secrets, environmentProgram(wayToAws(node.env))).map(({ path, content, isProgram }) => ({
      path,
      content,
      mode: isProgram ? PROGRAM : PRIVATE,
    })),
    ...inputFiles(node, workspace),
    ...placedFiles(node, workspace),
  ]);
  return { root: BUNDLE_ROOT, ...archive, afterwards: '' };
}

function manifestLayer({ layer }: LayerNode, architecture: Architecture, templateHash: string): ManifestLayer {
  const { name, version, parent } = layer;
  const base = parent.kind === 'base' ? baseText(parent.reference) : undefined;
  return { name, version, architecture, templateHash, base };
}

export interface ChecksBundle {
  readonly node: LayerNode;
  /** The one step, which runs them. */
  readonly step: RunnerStep;
  readonly checks: readonly CheckFiles[];
  /** What the checks find beside them. */
  readonly inputs: readonly InputFile[];
  /** Milliseconds since the epoch; the test instance ends itself then. */
  readonly expiresAt: number;
}

/** What a test instance runs: all checks in order, as one step. It also tells what it is made of, while it can be asked. */
export async function checksBundle(
  { node, step, checks, inputs, expiresAt }: ChecksBundle,
  workspace: Workspace,
): Promise<Bundle> {
  const archive = await toArchive([
    ...common(node, [step], expiresAt),
    { path: 'run-checks', content: RUN_CHECKS, mode: PROGRAM },
    { path: 'checks/environment', content: environmentProgram(node.env), mode: PROGRAM },
    { path: 'checks/count', content: String(checks.length), mode: PRIVATE },
    ...checks.flatMap((check, index) => filesOf(check, `checks/${index + 1}`)),
    ...deliveredInputs(inputs, workspace),
  ]);
  return { root: TEST_ROOT, ...archive, afterwards: SHOW_MANIFEST };
}

/** The runner, its steps, and the folder scripts start in: the template's own, as inputs are written. */
function common(node: LayerNode, steps: readonly RunnerStep[], expiresAt: number): readonly BundleFile[] {
  const folder = posix.dirname(node.layer.templatePath);
  return [
    { path: 'runner', content: RUNNER, mode: PROGRAM },
    { path: 'deadline', content: String(Math.floor(expiresAt / 1000)), mode: PRIVATE },
    { path: 'steps/count', content: String(steps.length), mode: PRIVATE },
    ...steps.flatMap(stepFiles),
    { path: 'folder', content: folder, mode: PRIVATE },
    { path: `files/${folder}/.keep`, content: '', mode: PRIVATE },
  ];
}

function stepFiles({ script, timeoutSeconds, reboot }: RunnerStep, index: number): readonly BundleFile[] {
  const path = `steps/${index + 1}`;
  return [
    { path, content: script, mode: PRIVATE },
    { path: `${path}.timeout`, content: String(timeoutSeconds), mode: PRIVATE },
    ...(reboot ? [{ path: `${path}.reboot`, content: '', mode: PRIVATE }] : []),
  ];
}

/** What the steps need beside them, by its path below the bundle. */
export function inputFiles(node: LayerNode, workspace: Workspace): readonly BundleFile[] {
  return deliveredInputs(
    node.layer.steps.flatMap((step) => step.inputs),
    workspace,
  );
}

function deliveredInputs(inputs: readonly InputFile[], workspace: Workspace): readonly BundleFile[] {
  const byPath = new Map(inputs.map((input) => [input.path, input]));
  return [...byPath.values()].map((input) => ({
    path: `files/${input.path}`,
    content: contentOf(input, workspace),
    mode: input.executable ? EXECUTABLE_FILE : FILE,
  }));
}

function placedFiles(node: LayerNode, workspace: Workspace): readonly BundleFile[] {
  const files = new Map(node.layer.files.map((file) => [placedPath(file), file]));
  return [...files].map(([path, file]) => ({ path, content: contentOf(file, workspace), mode: PRIVATE }));
}

/** What the plan was made with, and nothing that took its place since: the image is known by its digest. */
function contentOf(
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  workspace: Workspace,
): Uint8Array {
  const content = workspace.read(path);
  const digest = content === undefined ? undefined : createHash('sha256').update(content).digest('hex');
  if (content === undefined || digest !== sha256) {
    const became = content === undefined ? 'is gone' : 'is another file';
    throw failed({
      phase: 'deliver',
      message: `${path} ${became} since the templates were read`,
      fix: 'run it again, and let nothing change the checkout while images are built.',
    });
  }
  return content;
}

function filesOf(check: CheckFiles, folder: string): readonly BundleFile[] {
  const texts = {
    run: check.run,
    folder: check.folder,
    'exit-code': String(check.exitCode),
    contains: check.contains,
    equals: check.equals,
    matches: check.matches,
  };
  return [
    ...(check.folder === undefined ? [] : [{ path: `files/${check.folder}/.keep`, content: '', mode: PRIVATE }]),
    ...Object.entries(texts).flatMap(([name, content]) =>
      content === undefined ? [] : [{ path: `${folder}/${name}`, content, mode: PRIVATE }],
    ),
  ];
}

/** Times are zero, so that the same files give the same archive. */
async function toArchive(files: readonly BundleFile[]): Promise<Pick<Bundle, 'archive' | 'sha256'>> {
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
