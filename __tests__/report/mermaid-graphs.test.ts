import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mermaidTexts } from '../../gallery/github-html.js';
import { isMissing } from '../../gallery/missing.js';
import { openChromium } from '../../gallery/open-chromium.js';
import { parseMermaid } from '../../gallery/parse-mermaid.js';
import { prepareMermaid } from '../../gallery/prepare-mermaid.js';

const GOLDEN = join(import.meta.dirname, 'golden');

const chromium = openChromium(process.env.PATH ?? '');
const mermaid = isMissing(chromium) ? chromium : await prepareMermaid(join(import.meta.dirname, '../../.cache'));

/** Every graph of every golden file, and one that mermaid refuses. */
const GRAPHS = [
  ...readdirSync(GOLDEN)
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      mermaidTexts(readFileSync(join(GOLDEN, file), 'utf8')).map((text, index) => ({
        name: `${file}, graph ${index + 1}`,
        text,
      })),
    ),
  { name: 'a broken graph', text: 'graph TD\n  end["a"quote"]' },
];

const tools = isMissing(chromium) ? chromium : isMissing(mermaid) ? mermaid : { chromium, mermaid };
if (isMissing(tools)) {
  process.stderr.write(`graphs drawn by mermaid: skipped, ${tools.missing}\n`);
  test.skip('mermaid draws every graph', () => undefined);
} else {
  const complaints = await parseMermaid(
    tools.chromium,
    tools.mermaid,
    GRAPHS.map(({ text }) => text),
  );

  describe('mermaid', () => {
    test.each(GRAPHS.slice(0, -1).map(({ name }, index) => [name, index] as const))('draws %s', (_, index) => {
      expect(complaints[index]).toBeUndefined();
    });

    test('would say so if it did not', () => {
      expect(complaints.at(-1)).toMatch(/Parse error on line 2/);
    });
  });
}
