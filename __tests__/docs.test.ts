import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { globSync } from 'tinyglobby';
import { parse } from 'yaml';
import { renderDiagnostics } from '../src/diagnostics/render-diagnostic.js';
import { linkLayers } from '../src/graph/link-layers.js';
import { loadTemplates } from '../src/template/load-templates.js';
import type { Workspace } from '../src/workspace/workspace.js';
import { readPolicy } from './policies/role.js';

const PAGES = globSync(['*.md', 'docs/**/*.md']).sort();

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, those in quotes left out. */
function blocksOf(page: string): readonly Block[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...blocks].map(([, language = '', text = '']) => ({ language, text }));
}

/** Templates shown in a page by their path, which is the first line: `# templates/hpc/foundation.yaml`. */
function templatesOf(page: string): ReadonlyMap<string, string> {
  return new Map(
    blocksOf(page).flatMap(({ language, text }) => {
      const path = language === 'yaml' ? /^# (\S+\.yaml)\n/.exec(text)?.[1] : undefined;
      return path === undefined ? [] : [[path, text] as const];
    }),
  );
}

/** The templates and, so that a page need not show them, whatever other files they name. */
function workspaceOf(templates: ReadonlyMap<string, string>): Workspace {
  return {
    read: (path) => Buffer.from(templates.get(path) ?? 'exit 0\n'),
    isExecutable: () => false,
    links: () => new Map(),
    glob: (patterns) => patterns.map((pattern) => pattern.replaceAll('*', 'x')),
    fetch: () => Promise.reject(new Error('the documentation names nothing elsewhere')),
  };
}

/** Where the anchors of a page are: headings as GitHub makes ids of them. */
function anchorsOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function linksOf(page: string): readonly string[] {
  const prose = readFileSync(page, 'utf8').replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) =>
    /^https?:/.test(target) ? [] : [target],
  );
}

describe('the documentation', () => {
  test('says of inputs, outputs, flags and template keys what the program says', () => {
    const check = () => execFileSync(process.execPath, ['scripts/update-docs.js', '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  test('links to files and headings that exist', () => {
    const broken = PAGES.flatMap((page) =>
      linksOf(page)
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path === '' ? page : posix.join(posix.dirname(page), path);
          return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
    expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(50);
  });

  test.each(['README.md', 'docs/templates.md'])('shows templates in %s that have no problems', (page) => {
    const templates = templatesOf(page);
    expect(templates.size).toBeGreaterThan(1);
    const loaded = loadTemplates({ workspace: workspaceOf(templates), templates: [...templates.keys()] });
    const linked = linkLayers(loaded.layers);
    expect(renderDiagnostics([...loaded.diagnostics, ...linked.diagnostics])).toBe('');
    expect(loaded.layers.map(({ templatePath }) => templatePath)).toEqual([...templates.keys()].sort());
  });

  test('shows templates in the README as they are in the repository', () => {
    for (const [path, text] of templatesOf('README.md')) {
      expect(parse(text)).toEqual(parse(readFileSync(path, 'utf8')));
    }
  });

  test('has every decision in their list', () => {
    const list = linksOf('docs/decisions/README.md').filter((link) => /^\d/.test(link));
    expect(list).toEqual(
      globSync(['docs/decisions/0*.md'])
        .map((path) => posix.basename(path))
        .sort(),
    );
  });
});

describe('the workflow in the README', () => {
  interface Workflow {
    readonly name: string;
    readonly jobs: { readonly images: { readonly if?: string; readonly steps: readonly { readonly uses?: string }[] } };
  }

  test('is the example workflow, as its first comment says to copy it', () => {
    const example = parse(readFileSync('.github/workflows/example.yml', 'utf8')) as Workflow;
    const shown = parse(blocksOf('README.md').find(({ text }) => text.includes('\njobs:\n'))!.text) as Workflow;
    const { if: _condition, ...images } = example.jobs.images;
    const steps = images.steps.map((step) =>
      step.uses === './' ? { ...step, uses: `org/ami-layers@${'0'.repeat(40)}` } : step,
    );
    expect(shown).toEqual({ ...example, name: shown.name, jobs: { images: { ...images, steps } } });
  });
});

describe('the policy of the runner', () => {
  /** What AWS checks beside the request itself; docs/permissions.md says why. */
  const CHECKED_WITH_OTHERS = ['ec2:DeleteSnapshot', 'iam:PassRole'];

  /** `ec2:RunInstances`, … of every command and paginator that src/aws takes from the SDK. */
  function operationsOfSources(): readonly string[] {
    const sources = globSync(['src/aws/*.ts']).map((file) => readFileSync(file, 'utf8'));
    const operations = sources.flatMap((text) =>
      [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)].flatMap(([, names = '', service = '']) =>
        names
          .split(',')
          .map((name) => /^(?:paginate(\w+)|(\w+)Command)$/.exec(name.trim()))
          .flatMap((match) => (match === null ? [] : [`${service}:${match[1] ?? match[2] ?? ''}`])),
      ),
    );
    // Signing in is what the role's trust policy allows, not its own policy.
    return [...new Set(operations)].filter((name) => name !== 'sts:AssumeRoleWithWebIdentity').sort();
  }

  test('allows what src/aws asks of AWS, and no more', () => {
    const allowed = readPolicy('main').Statement.filter(({ Effect }) => Effect === 'Allow');
    const actions = [...new Set(allowed.flatMap(({ Action = [] }) => Action))].sort();
    expect(operationsOfSources().length).toBeGreaterThan(10);
    expect(actions).toEqual([...operationsOfSources(), ...CHECKED_WITH_OTHERS].sort());
  });
});
