import { describe, expect, test } from '@jest/globals';
import { githubHtml } from '../../gallery/github-html.js';
import { renderComment } from '../../src/report/comment.js';
import { escapeMarkdown, inlineCode, markdownTable } from '../../src/report/markdown.js';
import { renderSummary } from '../../src/report/summary.js';
import { hostile } from './examples.js';

/** What GitHub makes links or mentions of stands outside of these. */
const LITERAL = /<(pre|code|a)\b.*?<\/\1>/gs;
const ADDRESSES = /(?:href|src)="([^"]*)"/g;
const OWN_ELEMENTS = 'a b code details h2 h3 li p pre strong sub summary table tbody td th thead tr ul'.split(' ');

const HOSTILE_TEXTS = [
  '# heading',
  '- list',
  '1) list',
  '---',
  '> quote',
  '<img src=x onerror=alert(1)>',
  '<!-- comment',
  '</details></summary>',
  '[link](https://evil.example)',
  '![image](https://evil.example/x.png)',
  'https://evil.example www.evil.example evil@example.com',
  '[^1] [x]: https://evil.example',
  '**bold** _emphasis_ ~~struck~~ `code`',
  '| cell | cell |',
  '\\| \\\\',
  '&lt;b&gt; &#64;everyone',
  '```mermaid',
  '$\\sqrt{x}$',
];

/** What a reader sees of HTML that has no elements but code. */
function textOf(html: string): string {
  const characters: Readonly<Record<string, string>> = { '#x3C': '<', lt: '<', gt: '>', '#x26': '&', amp: '&' };
  return html
    .replace(/<[^>]+>/g, '')
    .replace(/&(#x3C|lt|gt|#x26|amp);/g, (_, name: string) => characters[name] ?? '')
    .replaceAll('\u200b', '');
}

describe.each(HOSTILE_TEXTS)('%s', (text) => {
  test('is shown as it is where text stands', () => {
    const html = githubHtml(escapeMarkdown(text));
    expect(html).toMatch(/^<p>[^<]*<\/p>$/);
    expect(textOf(html)).toBe(text);
  });

  test('is shown as it is in the cell of a table', () => {
    const html = githubHtml(markdownTable(['A', 'B'], [[inlineCode(text), escapeMarkdown(text)]]));
    expect([...html.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) => textOf(cell))).toEqual([text, text]);
  });
});

describe.each([
  ['comment', renderComment(hostile, { id: 'default' })],
  ['summary', renderSummary(hostile)],
])('the %s of a hostile template', (_, markdown) => {
  const html = githubHtml(markdown);

  test('has no elements but its own', () => {
    const names = [...html.matchAll(/<([a-z0-9]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !OWN_ELEMENTS.includes(name))).toEqual([]);
  });

  test('links to nothing but GitHub and AWS', () => {
    const hosts = [...html.matchAll(ADDRESSES)].map(([, address = '']) => new URL(address).host);
    expect([...new Set(hosts)]).toEqual(['github.com']);
  });

  test('mentions nobody and no issue', () => {
    expect(html.replace(LITERAL, '')).not.toMatch(/@\w|#\d|\bGH-\d/);
  });
});
