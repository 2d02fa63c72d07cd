import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './missing.js';
import { openChromium, type Chromium } from './open-chromium.js';
import { githubPage, type PageOptions } from './page.js';
import { prepareMermaid } from './prepare-mermaid.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const GOLDEN = join(PROJECT, '__tests__', 'report', 'golden');
const PICTURES = join(PROJECT, '.sandbox', 'gallery');

/** The width GitHub gives to the text of a comment and of a job summary. */
const WIDTHS = { comment: 860, summary: 1_120 } as const;

const VIEWS = [
  { theme: 'light', open: false },
  { theme: 'dark', open: true },
] as const satisfies readonly Omit<PageOptions, 'mermaid'>[];

/** `npm run render`: every golden comment and summary as a picture, as it first looks in light and unfolded in dark. */
async function main(): Promise<void> {
  const chromium = openChromium(process.env.PATH ?? '');
  if (isMissing(chromium)) throw new Error(chromium.missing);
  const mermaid = await prepareMermaid(join(PROJECT, '.cache'));
  if (isMissing(mermaid)) throw new Error(mermaid.missing);
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });

  const wanted = new Set(process.argv.slice(2));
  for (const file of readdirSync(GOLDEN)) {
    const [name = '', kind] = file.split('.');
    if ((kind !== 'comment' && kind !== 'summary') || (wanted.size > 0 && !wanted.has(name))) continue;
    const markdown = readFileSync(join(GOLDEN, file), 'utf8');
    for (const view of VIEWS) {
      const picture = `${name}.${kind}.${view.theme}${view.open ? '.open' : ''}.png`;
      const page = githubPage(markdown, { ...view, mermaid });
      const height = await heightOf(chromium, page, WIDTHS[kind]);
      await writeFile(join(PICTURES, picture), await chromium.screenshot(page, { width: WIDTHS[kind], height }));
      console.log(`.sandbox/gallery/${picture} ${WIDTHS[kind]} × ${height}`);
    }
  }
}

async function heightOf(chromium: Chromium, page: string, width: number): Promise<number> {
  const dumped = await chromium.dump(page, { width, height: 900 });
  const height = /data-height="(\d+)"/.exec(dumped)?.[1];
  if (height === undefined) throw new Error('the page was not drawn to its end');
  return Number(height);
}

await main();
