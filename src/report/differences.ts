import { plural } from './durations.js';
import { escapeMarkdown, inlineCode, markdownTable } from './markdown.js';
import { rowsOf } from './rows.js';
import type { RunReport } from './run-report.js';

/** What is other in a new image than in the one that is `latest`. */
export interface ImageDifference {
  /** The image that is `latest`. */
  readonly against: string;
  /** How much larger the new one is; negative where it is smaller, absent where it is not known. */
  readonly bytes?: number;
  /** Absent where it is not known what is installed. */
  readonly packages?: readonly PackageChange[];
}

/** Without `from` the package is new, without `to` it is gone. */
export interface PackageChange {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

const MOST_PACKAGES = 8;
const MEGABYTE = 1_000_000;

/** Images against what is `latest`, as a table; undefined when none was compared. */
export function renderDifferences(report: RunReport): string | undefined {
  const { differences } = report;
  const compared = rowsOf(report).flatMap((row) => {
    const difference = differences?.get(row.item.key);
    return difference === undefined ? [] : [{ row, difference }];
  });
  if (compared.length === 0) return undefined;
  return markdownTable(
    ['Layer', 'Latest', 'Size', 'Packages'],
    compared.map(({ row, difference: { against, bytes, packages } }) => [
      inlineCode(row.label),
      inlineCode(against),
      bytes === undefined ? '' : renderGrowth(bytes),
      packages === undefined ? '' : renderPackages(packages),
    ]),
  );
}

function renderPackages(changes: readonly PackageChange[]): string {
  if (changes.length === 0) return 'the same';
  const more = changes.length - MOST_PACKAGES;
  return [
    ...changes.slice(0, MOST_PACKAGES).map(renderPackage),
    ...(more > 0 ? [`and ${plural(more, 'more change')}`] : []),
  ].join('<br>');
}

function renderPackage({ name, from, to }: PackageChange): string {
  if (from === undefined) return `added ${inlineCode(name)} ${escapeMarkdown(to ?? '')}`.trimEnd();
  if (to === undefined) return `removed ${inlineCode(name)} ${escapeMarkdown(from)}`.trimEnd();
  return `${inlineCode(name)} ${escapeMarkdown(from)} → ${escapeMarkdown(to)}`;
}

function renderGrowth(bytes: number): string {
  const megabytes = Math.round(bytes / MEGABYTE);
  if (megabytes === 0) return 'the same';
  const size =
    Math.abs(megabytes) < 1_000 ? `${Math.abs(megabytes)} MB` : `${Math.abs(megabytes / 1_000).toFixed(1)} GB`;
  return `${megabytes > 0 ? '+' : '−'}${size}`;
}
