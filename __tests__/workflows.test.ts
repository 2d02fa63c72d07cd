import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

const PAGES = globSync(['*.md', 'docs/**/*.md']).sort();
const HAS_ACTIONLINT = spawnSync('actionlint', ['-version']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'ami-workflows-'));
afterAll(() => rmSync(folder, { recursive: true }));

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

(HAS_ACTIONLINT ? test : test.skip)(
  'actionlint finds nothing in the workflows here and in pages (skipped without it)',
  () => {
    const shown = PAGES.flatMap((page) =>
      workflowsOf(page).map((text, index) => {
        const path = join(folder, `${page.replaceAll(/\W+/g, '-')}-${index + 1}.yml`);
        writeFileSync(path, text);
        return path;
      }),
    );
    expect(shown.length).toBeGreaterThan(1);
    const { stdout } = spawnSync('actionlint', ['-oneline', ...globSync('.github/workflows/*.yml'), ...shown], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  },
);
