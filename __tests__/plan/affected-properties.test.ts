import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeGit, diffNames } from '../../src/github/git.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { findAffected } from '../../src/plan/affected.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

/** The same cases every time; others on request. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
const CASES = Number(process.env.PROPERTY_CASES ?? 40);

const MODULE = 'vendor/lib';
const step = (said: string): string => `provision: [{${said}}]\n`;

/** Every way in which a layer can name a file, each by a name that is not the file's own, or only partly so. */
const TEMPLATES = {
  'script-by-link': step('script: run.sh'),
  'script-in-linked-folder': step('script: conf/run.sh'),
  'script-of-submodule': step('script: /vendor/lib/run.sh'),
  'check-by-links': 'validate: {script: check.sh}\n',
  'check-of-submodule': 'validate: {script: vendored/run.sh}\n',
  'linked-folder': step('run: x, inputs: [conf]'),
  'folder-behind-two-links': step('run: x, inputs: [deep/**]'),
  'pattern-over-links': step('run: x, inputs: ["*/b.conf"]'),
  'pattern-into-submodule': 'files: [{source: "/vendor/*/conf/*", destination: /etc/a}]\n',
  'files-of-submodule': 'files: [{source: vendored/conf/a.conf, destination: /etc/a}]\n',
  'folder-with-a-link': step('run: x, inputs: [/mixed]'),
  plain: step('run: x'),
  child: `extends: script-by-link\n${step('run: y')}`,
};

const LINKS = {
  'templates/run.sh': '../shared/run.sh',
  'templates/conf': '../shared',
  'templates/deep': 'conf/sub',
  'templates/check.sh': 'conf/run.sh',
  'templates/vendored': '../vendor/lib',
  'mixed/b.conf': '../shared/sub/b.conf',
};

const FILES = {
  'shared/run.sh': 'echo shared\n',
  'shared/a.conf': 'a\n',
  'shared/sub/run.sh': 'echo sub\n',
  'shared/sub/b.conf': 'b\n',
  'other/run.sh': 'echo other\n',
  'other/b.conf': 'other b\n',
  'other/sub/run.sh': 'echo other sub\n',
  'other/sub/b.conf': 'other sub b\n',
  'mixed/own.conf': 'own\n',
  'README.md': 'read me\n',
};
const MODULE_FILES = { 'run.sh': 'echo lib\n', 'conf/a.conf': 'a\n', 'conf/b.conf': 'b\n' };

const file = fc.constantFrom(...Object.keys(FILES));
const edit = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), path: file }),
  fc.record({ kind: fc.constant('add' as const), path: file.map((path) => `${dirname(path)}/more.conf`) }),
  fc.record({ kind: fc.constant('remove' as const), path: file }),
  fc.record({ kind: fc.constant('chmod' as const), path: file }),
  fc.record({
    kind: fc.constant('say' as const),
    path: fc.constantFrom('templates/plain.yaml', 'templates/child.yaml'),
  }),
  fc.record({
    kind: fc.constant('bump' as const),
    path: fc.constantFrom(...Object.keys(MODULE_FILES), 'conf/new.conf'),
  }),
  fc.record({
    kind: fc.constant('relink' as const),
    path: fc.constantFrom(...Object.keys(LINKS)),
    target: fc.constantFrom('../other', '../other/sub', '../shared/sub', '../other/run.sh', 'conf/a.conf', 'nowhere'),
  }),
  fc.record({ kind: fc.constant('copy' as const), path: fc.constantFrom(...Object.keys(LINKS)) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

/** Of these nobody can say without reading it all what they change: they count for all that is behind them. */
const COARSE: readonly Edit['kind'][] = ['relink', 'copy', 'bump', 'chmod'];

function git(folder: string, ...args: readonly string[]): string {
  const settings = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...settings, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function commit(folder: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'files');
  return git(folder, 'rev-parse', 'HEAD');
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const first = ((): { readonly root: string; readonly head: string } => {
  const templates = Object.entries(TEMPLATES).map(([name, text]) => [`templates/${name}.yaml`, text]);
  const root = temporaryFolder({ ...FILES, ...(Object.fromEntries(templates) as Record<string, string>) });
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(root, path));
  for (const [path, text] of Object.entries(MODULE_FILES)) write(root, `${MODULE}/${path}`, text);
  git(root, 'init', '--quiet');
  git(join(root, MODULE), 'init', '--quiet');
  commit(join(root, MODULE));
  return { root, head: commit(root) };
})();

function carryOut(root: string, change: Edit, number: number): void {
  const at = join(root, change.path);
  switch (change.kind) {
    case 'write':
    case 'add':
      write(root, change.path, `echo ${number}\n`);
      return;
    case 'remove':
      rmSync(at, { force: true });
      return;
    case 'chmod':
      write(root, change.path, 'echo program\n');
      chmodSync(at, 0o755);
      return;
    case 'say':
      write(
        root,
        change.path,
        `${change.path.includes('child') ? 'extends: script-by-link\n' : ''}${step(`run: "${number}"`)}`,
      );
      return;
    case 'bump':
      write(join(root, MODULE), change.path, `echo ${number}\n`);
      commit(join(root, MODULE));
      return;
    case 'relink':
      rmSync(at, { recursive: true, force: true });
      symlinkSync(change.target, at);
      return;
    case 'copy': {
      rmSync(at, { recursive: true, force: true });
      write(root, change.path === 'templates/conf' ? `${change.path}/run.sh` : change.path, 'echo copy\n');
    }
  }
}

/** Undefined where a template has problems: then a run says so, whatever changed. */
function read(root: string) {
  const workspace = createFsWorkspace(root);
  const { layers, diagnostics } = loadTemplates({ workspace, templates: ['templates/*.yaml'] });
  const linked = linkLayers(layers);
  if (diagnostics.length + linked.diagnostics.length > 0) return undefined;
  const hashes = new Map(
    [...computeHashes(linked.graph)].map(([key, { templateHash, validationHash }]) => [
      key.replace('/x86_64', ''),
      `${templateHash} ${validationHash}`,
    ]),
  );
  return { workspace, graph: linked.graph, hashes };
}

const before = read(first.root);

test('a layer whose hash a change moves is affected, and only such a layer where files alone changed', async () => {
  expect([...(before?.hashes.keys() ?? [])].sort()).toEqual(Object.keys(TEMPLATES).sort());
  const told = { moved: 0, cases: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const root = temporaryFolder({});
      cpSync(first.root, root, { recursive: true, verbatimSymlinks: true });
      for (const [index, change] of edits.entries()) carryOut(root, change, index);
      const head = commit(root);
      const after = read(root);
      const changed = await diffNames(makeGit(root, process.env), first.head, head);
      if (after === undefined || changed === undefined) return;
      const affected = [...findAffected(after.graph, changed, after.workspace.links).keys()].sort();
      const moved = [...after.hashes]
        .flatMap(([name, hash]) => (before?.hashes.get(name) === hash ? [] : [name]))
        .sort();
      told.cases += 1;
      told.moved += moved.length;
      const isExact = edits.every(({ kind }) => !COARSE.includes(kind));
      expect(isExact ? affected : affected.filter((name) => moved.includes(name))).toEqual(moved);
    }),
    { numRuns: CASES },
  );
  // Most cases have to say something.
  expect(told.cases).toBeGreaterThan(CASES / 2);
  expect(told.moved).toBeGreaterThan(told.cases);
});
