import { describe, expect, test } from '@jest/globals';
import { codeBlock, details, escapeMarkdown, inlineCode, joinParts, markdownTable } from '../../src/report/markdown.js';

describe('escaped text', () => {
  test.each([
    ['shows HTML as text', '<img src=x> &amp; <!-- x -->', '&lt;img src=x&gt; &amp;amp; &lt;!-- x --&gt;'],
    [
      'has no emphasis, links, code, strike or math',
      '*a* _b_ [c](d) `e` ~f~ $g$ \\',
      '&#42;a&#42; &#95;b&#95; &#91;c&#93;(d) &#96;e&#96; &#126;f&#126; &#36;g&#36; &#92;',
    ],
    ['mentions nobody', '@everyone @acme/team', '@&#8203;everyone @&#8203;acme/team'],
    ['refers to no issue', 'see #12 and GH-12, not # 12', 'see #&#8203;12 and GH&#8203;-12, not # 12'],
    ['links nowhere', 'HTTP://a.b www.a.b x@a.b', 'HTTP:&#8203;//a.b www&#8203;.a.b x@&#8203;a.b'],
    ['is no heading', '# a', '&#35; a'],
    ['is no list', '- a', '&#45; a'],
    ['is no numbered list', '12. a', '12&#46; a'],
    ['ends no table cell', 'a | b', 'a &#124; b'],
    ['stays on one line', 'a\nb', 'a b'],
  ])('%s', (_, text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe('inline code', () => {
  test.each([
    ['uses backticks for ordinary text', 'templates/a_b.yml', '`templates/a_b.yml`'],
    ['keeps a mention as it is, because GitHub looks for none in code', '@scope/name', '`@scope/name`'],
    ['uses an element where backticks would end it', 'a`b', '<code>a&#96;b</code>'],
    ['uses an element where a pipe would end the cell', 'a|b', '<code>a&#124;b</code>'],
    ['uses an element where a backslash would hide a pipe', 'a\\', '<code>a&#92;</code>'],
    ['uses an element for no text at all', '', '<code></code>'],
  ])('%s', (_, text, code) => {
    expect(inlineCode(text)).toBe(code);
  });
});

test('a code block has a fence that its content cannot close', () => {
  expect(codeBlock(['a', '````', 'two\rlines'])).toBe('`````text\na\n````\ntwo\nlines\n`````');
  expect(codeBlock([], 'mermaid')).toBe('```mermaid\n```');
});

test('a table shows a dash for an empty cell', () => {
  expect(markdownTable(['A', 'B'], [['1', '']])).toBe('| A | B |\n|---|---|\n| 1 | – |');
});

test('a part to fold out has blank lines around its body', () => {
  expect(details('Graph', 'body')).toBe('<details><summary>Graph</summary>\n\nbody\n\n</details>');
  expect(details('App', 'body', 'open')).toBe('<details open><summary>App</summary>\n\nbody\n\n</details>');
});

test('empty parts leave no gap', () => {
  expect(joinParts(['a', undefined, '', 'b'])).toBe('a\n\nb');
});
