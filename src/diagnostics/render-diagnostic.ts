import { visible } from '../lib/visible.js';
import { locationOf, positionOf, type Diagnostic, type Span } from './diagnostic.js';

/** Columns of a source line that are shown; a longer line is cut around the span. */
const LINE_WIDTH = 160;
/** Columns kept in front of a span when a line is cut. */
const LEAD = 40;
const TAB = '  ';

/** One problem as text, in the manner of rustc: what, where, the source line underlined, and what to do. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, message, fix, span, related = [] } = diagnostic;
  return [
    `error: ${message} (${code})`,
    ...(span === undefined ? [] : renderExcerpt(span)),
    ...related.flatMap((place) => [`note: ${place.message}`, ...renderExcerpt(place.span)]),
    `Fix: ${fix.replace(/([^.?!])$/, '$1.')}`,
  ].join('\n');
}

/** All problems, sorted by file and place, and a line that counts them. Empty text when there are none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const files = new Set(diagnostics.flatMap(({ span }) => span?.source.path ?? []));
  const where = files.size === 0 ? '' : ` in ${count(files.size, 'file')}`;
  const total = count(diagnostics.length, 'problem') + where;
  return [...[...diagnostics].sort(byPlace).map(renderDiagnostic), total].join('\n\n');
}

function byPlace({ span: a }: Diagnostic, { span: b }: Diagnostic): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (a.source.path !== b.source.path) return a.source.path < b.source.path ? -1 : 1;
  return a.offset - b.offset;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function renderExcerpt(span: Span): readonly string[] {
  const { line } = positionOf(span);
  const gutter = ' '.repeat(String(line).length);
  const { shown, marks } = underline(span);
  const excerpt = span.source.text === '' ? [] : [` ${gutter} |`, ` ${line} | ${shown}`, ` ${gutter} | ${marks}`];
  return [` ${gutter}--> ${locationOf(span)}`, ...excerpt.map((text) => text.trimEnd())];
}

/** The line a span starts on and the marks under it. A span over several lines is marked to the end of its first. */
function underline({ source, offset, length }: Span): { readonly shown: string; readonly marks: string } {
  const start = offset === 0 ? 0 : source.text.lastIndexOf('\n', offset - 1) + 1;
  const newline = source.text.indexOf('\n', offset);
  const line = source.text.slice(start, newline < 0 ? undefined : newline).trimEnd();

  const column = Math.min(offset - start, line.length);
  const from = line.length <= LINE_WIDTH ? 0 : Math.max(0, Math.min(column - LEAD, line.length - LINE_WIDTH));
  const end = Math.min(line.length, from + LINE_WIDTH);
  const before = printable((from > 0 ? '…' : '') + line.slice(from, column));
  const marked = printable(line.slice(column, Math.min(column + length, end)));
  const after = printable(line.slice(Math.min(column + length, end), end)) + (end < line.length ? '…' : '');
  return {
    shown: before + marked + after,
    marks: ' '.repeat(before.length) + '^'.repeat(Math.max(1, marked.length)),
  };
}

/** Tabs have a width here. */
function printable(text: string): string {
  return visible(text.replaceAll('\t', TAB));
}
