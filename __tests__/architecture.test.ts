import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { globSync } from 'tinyglobby';
import ts from 'typescript';

const BEFORE_COMMANDS = [
  'lib',
  'diagnostics',
  'workspace',
  'template',
  'graph',
  'images',
  'plan',
  'build',
  'report',
  'aws',
  'github',
];

/** What each folder of src/ may import, beside itself. Its order is the way of the work: a folder never imports a later one. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  diagnostics: ['lib'],
  workspace: ['lib', 'diagnostics'],
  template: ['lib', 'diagnostics', 'workspace'],
  graph: ['lib', 'diagnostics', 'template'],
  images: ['lib', 'diagnostics', 'template'],
  plan: ['lib', 'diagnostics', 'template', 'graph', 'images'],
  build: ['lib', 'diagnostics', 'workspace', 'template', 'graph', 'images', 'plan'],
  report: ['lib', 'diagnostics', 'template', 'graph', 'images', 'plan', 'build'],
  aws: ['lib', 'diagnostics', 'workspace', 'template', 'graph', 'images', 'plan', 'build', 'report'],
  github: ['lib', 'diagnostics', 'workspace', 'template', 'graph', 'images', 'plan', 'build', 'report'],
  commands: BEFORE_COMMANDS,
  // The two ways in: they put everything together.
  action: [...BEFORE_COMMANDS, 'commands', 'inputs.ts'],
  cli: [...BEFORE_COMMANDS, 'commands', 'inputs.ts'],
};

/** Outside the folders: the two entries, and the action's inputs, which both name what others do. */
const ENTRIES = new Set(['src/main.ts', 'src/cli.ts', 'src/inputs.ts']);

/** The one file that knows the sandbox, for `--sandbox` and `ami-layers sandbox`. */
const SANDBOX_DOOR = 'src/cli/sandbox-door.ts';

/** Not in a folder, because every one but the first may speak of it. */
const SHARED = 'src/run-identity.ts';

/** Packages that only one folder or file may import. */
const OWNED_PACKAGES: readonly { readonly package: RegExp; readonly owner: string }[] = [
  { package: /^@(aws-sdk|smithy)\//, owner: 'src/aws/' },
  { package: /^@(actions|octokit)\//, owner: 'src/github/' },
  // Of these the bundle has a part only (rollup.config.js), and these files know which.
  { package: /^@actions\/github$/, owner: 'src/github/octokit.ts' },
  { package: /^@actions\/cache$/, owner: 'src/github/cache-request.ts' },
];

/** Folders that decide and never read or write. */
const PURE = new Set(['lib', 'diagnostics', 'template', 'graph', 'plan', 'images', 'report']);
const OUTSIDE = /^node:(fs|child_process|os|net|https?)(\/|$)/;

/** The only two that print, each to where its texts are made harmless; cli.ts hands the second its streams. */
const SINKS = new Set(['src/github/logs.ts', 'src/cli/output.ts', 'src/cli.ts']);

/** Of @actions/core what does not print. */
const SILENT = new Set(['getInput', 'getState', 'saveState', 'setOutput', 'summary']);

interface Import {
  /** `src/plan/make-plan.ts:3` */
  readonly at: string;
  readonly file: string;
  readonly folder: string;
  /** The imported file for a relative import, from the repository root; otherwise the package as written. */
  readonly target: string;
}

/** Every import of src/, type-only and dynamic ones too. */
function importsOfSources(): Import[] {
  return globSync(['src/**/*.ts'])
    .sort()
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return ts.preProcessFile(text).importedFiles.map(({ fileName, pos }) => ({
        at: `${file}:${text.slice(0, pos).split('\n').length}`,
        file,
        folder: file.split('/').length > 2 ? file.split('/')[1]! : '',
        target: fileName.startsWith('.') ? posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts') : fileName,
      }));
    });
}

const imports = importsOfSources();
const describeImport = ({ at, target }: Import) => `${at} imports ${target}`;

describe('the sources of src/', () => {
  test('are found', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(
      [...new Set(imports.map(({ folder }) => folder))].filter((folder) => folder !== '' && !(folder in ALLOWED)),
    ).toEqual([]);
  });

  test('import only what comes before them on the way from templates to reports', () => {
    const wrong = imports.filter(({ file, folder, target }) => {
      if (ENTRIES.has(file) || target === SHARED || !target.startsWith('src/')) return false;
      const [, to = ''] = target.split('/');
      return folder !== to && !(ALLOWED[folder] ?? []).includes(to);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('never import what is outside src/, except that the command line loads the sandbox', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        /^(sandbox|demo|bench|__tests__)\/|^\.\./.test(target) &&
        !(file === SANDBOX_DOOR && target.startsWith('sandbox/')),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('reach AWS and GitHub only through the folders of those names', () => {
    const wrong = imports.filter(({ file, target }) =>
      OWNED_PACKAGES.some((owned) => owned.package.test(target) && !file.startsWith(owned.owner)),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('keep reading and writing out of the folders that decide', () => {
    const wrong = imports.filter(({ folder, target }) => PURE.has(folder) && OUTSIDE.test(target));
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('print through one function to the log of a job and one to a terminal', () => {
    expect(globSync(['src/**/*.ts']).sort().flatMap(printingOf)).toEqual([]);
  });
});

/** Where a file prints by itself. */
function printingOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (prints(node, file)) found.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function prints(node: ts.Node, file: string): boolean {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const of = node.expression.getText();
    const what = ts.isPropertyAccessExpression(node) ? node.name.text : node.argumentExpression.getText();
    return (
      of === 'console' || (of === 'process' && /stdout|stderr|_rawDebug|emitWarning/.test(what) && !SINKS.has(file))
    );
  }
  if (!ts.isImportDeclaration(node) || !node.moduleSpecifier.getText().startsWith("'@actions/core")) return false;
  const bindings = node.importClause?.namedBindings;
  return bindings === undefined || !ts.isNamedImports(bindings) || bindings.elements.some(isLoud);
}

function isLoud({ name, propertyName }: ts.ImportSpecifier): boolean {
  return !SILENT.has((propertyName ?? name).text);
}
