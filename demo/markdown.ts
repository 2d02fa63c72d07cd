import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { paint } from './paint.js';

/** The markdown of a comment, as near to how GitHub shows it as a terminal gets. Diagrams are left to GitHub. */
export function showMarkdown(markdown: string): string {
  const lines = markdown
    .replace(/<!--.*?-->\n?/gs, '')
    .trim()
    .split('\n');
  const shown: string[] = [];
  for (let index = 0; index < lines.length;) {
    const block = blockAt(lines, index);
    shown.push(...showBlock(block));
    index += block.lines.length;
  }
  return shown
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}

interface Block {
  readonly kind: 'code' | 'table' | 'line';
  readonly lines: readonly string[];
}

function blockAt(lines: readonly string[], start: number): Block {
  const first = lines[start] ?? '';
  const fence = /^`{3,}/.exec(first)?.[0];
  if (fence !== undefined) {
    const end = lines.indexOf(fence, start + 1);
    return { kind: 'code', lines: lines.slice(start, end < 0 ? undefined : end + 1) };
  }
  if (first.startsWith('|')) {
    const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
    return { kind: 'table', lines: lines.slice(start, end < 0 ? undefined : end) };
  }
  return { kind: 'line', lines: [first] };
}

function showBlock({ kind, lines }: Block): readonly string[] {
  switch (kind) {
    case 'code': {
      const [fence = '', ...body] = lines;
      if (fence.endsWith('mermaid')) return [paint('dim', '  (a diagram: GitHub draws it, the file has its source)')];
      return body.slice(0, -1).map((line) => paint('dim', `  ${line}`));
    }
    case 'table':
      return showTable(lines);
    case 'line':
      return lines.map(showLine);
  }
}

/** Characters; longer cells are wrapped. */
const WIDEST_CELL = 60;

function showTable(lines: readonly string[]): readonly string[] {
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => showText(cell.trim())),
  );
  const colWidths = head.map((_, column) => {
    const longest = Math.max(...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length));
    return longest > WIDEST_CELL ? WIDEST_CELL + 2 : null;
  });
  const table = new Table({ head, colWidths, style: { head: [], border: [] }, wordWrap: true });
  table.push(...rows);
  return table.toString().split('\n');
}

function showLine(line: string): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint('bold', showText(heading));
  const summary = /^<details( open)?><summary>(.*)<\/summary>$/.exec(line)?.[2];
  if (summary !== undefined) return `▾ ${showText(summary)}`;
  return showText(line);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Links become their text, code gets a colour, tags go, entities become characters. */
function showText(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<code>(.*?)<\/code>|`([^`]+)`/g, (_, html?: string, code?: string) => paint('cyan', html ?? code ?? ''))
    .replace(/<sub>(.*?)<\/sub>/g, (_, small: string) => paint('dim', small))
    .replace(/\*\*(.+?)\*\*|<b>(.*?)<\/b>/g, (_, stars?: string, html?: string) => paint('bold', stars ?? html ?? ''))
    .replace(/<\/?[a-z][^>]*>/g, '')
    .replace(/&#8203;/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
