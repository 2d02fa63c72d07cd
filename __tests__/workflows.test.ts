import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { FIRST_FILES } from '../src/commands/first-files.js';
import { temporaryFolder } from './workspace/temporary-folder.js';

const HAS_ACTIONLINT = spawnSync('actionlint', ['-version']).status === 0;

const HAS_ZIZMOR = spawnSync('zizmor', ['--version']).status === 0;

/** The workflows that a page shows, whole; of a job alone, the workflow around it is made up. */
function workflowsOf(page: string): readonly string[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```ya?ml\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, text = '']) => {
    if (!/^ +runs-on:/m.test(text)) return [];
    if (/^jobs:/m.test(text)) return [text];
    const others = [...text.matchAll(/needs: (\w+)/g)].map(
      ([, name = '']) => `  ${name}: {runs-on: ubuntu-latest, steps: [run: 'true']}\n`,
    );
    return [`on: push\njobs:\n${others.join('')}${text.replace(/^(?=.)/gm, '  ')}`];
  });
}

/** What actionlint says of workflows, with the inputs and outputs that they use of the action itself. */
function actionlint(workflows: Readonly<Record<string, string>>): string {
  const action = { 'action.yml': readFileSync('action.yml', 'utf8').replaceAll('dist/index.js', 'action.yml') };
  const own = Object.entries(workflows).map(([name, text]) => [
    `.github/workflows/${name.replaceAll(/[^\w.]+/g, '-')}.yml`,
    text.replaceAll(/\b(org|octo-labs|OWNER)\/ami-layers@\w+/g, './'),
  ]);
  const folder = temporaryFolder({ ...action, ...(Object.fromEntries(own) as Record<string, string>) });
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  const { stdout, stderr } = spawnSync('actionlint', ['-oneline'], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

(HAS_ACTIONLINT ? test : test.skip)(
  'actionlint has nothing to say of workflows here, in pages, and of init (skipped without it)',
  () => {
    const here = globSync('.github/workflows/*.yml').map((path) => [path, readFileSync(path, 'utf8')] as const);
    const shown = globSync(['*.md', 'docs/**/*.md']).flatMap((page) =>
      workflowsOf(page).map((text, at) => [`${page}-${at}`, text] as const),
    );
    const written = FIRST_FILES.filter(({ path }) => path.includes('workflows')).map(
      ({ path, text }) => [`init-${path}`, text] as const,
    );
    expect([here.length, shown.length, written.length].map(Boolean)).toEqual([true, true, true]);
    expect(actionlint(Object.fromEntries([...here, ...shown, ...written]))).toBe('');
    const wrong = 'on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{uses: ./, with: {layer: x}}]}}\n';
    expect(actionlint({ wrong })).toContain('input "layer" is not defined');
  },
);

(HAS_ZIZMOR ? test : test.skip)('zizmor has nothing to say of the workflows here (skipped without it)', () => {
  const { status, stdout, stderr } = spawnSync('zizmor', ['--offline', '--no-progress', '.github/workflows'], {
    encoding: 'utf8',
  });
  expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('No findings to report')]);
});

test('every action in workflows here, in pages, and of init is pinned by its commit, with the version as a comment', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', '.github/workflows/*.yml']).map((page) => readFileSync(page, 'utf8'));
  const texts = [...pages, ...FIRST_FILES.map(({ text }) => text)].join('\n');
  const used = [...texts.matchAll(/^[ -]*uses: (\S+@.*)$/gm)].map(([, words = '']) => words);
  expect(used.length).toBeGreaterThan(10);
  const pinned = /^[\w-]+\/[\w-]+@([0-9a-f]{40}|<[^>]+>) # v\d+\.\d+\.\d+/;
  expect(used.filter((words) => !pinned.test(words))).toEqual([]);
});

test('no job that runs packages may sign, publish or write', () => {
  const jobs = globSync('.github/workflows/*.yml').flatMap((path) =>
    readFileSync(path, 'utf8')
      .split(/^(?= {2}[\w-]+:\n)/m)
      .filter((job) => /^ +(- )?(run: .*)?npm (ci|install|run)/m.test(job)),
  );
  expect(jobs.length).toBeGreaterThan(1);
  expect(jobs.filter((job) => /^ +[\w-]+: write\b/m.test(job))).toEqual([]);
});
