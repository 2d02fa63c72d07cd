import type { PackageChange } from '../images/manifest.js';
import { plural } from './durations.js';
import { escapeMarkdown, inlineCode, joinParts, markdownTable } from './markdown.js';
import { rowsOf } from './rows.js';
import type { RunReport } from './run-report.js';
import { safeLine, shorten } from './untrusted.js';

/** Why it is not known what is installed in both. */
export type Uncompared = 'too-long' | 'too-old';

const WHY_UNCOMPARED = {
  'too-long': 'the list of one image is too long for an answer of Systems Manager',
  'too-old': 'Systems Manager keeps the list of an image for 30 days',
} as const satisfies Record<Uncompared, string>;

/** What is other in a new image than in the one that was `latest` before it. Written by builders, and not to be trusted. */
export interface ImageDifference {
  /** The image that was `latest`. */
  readonly against: string;
  /** Absent where it is not known what is installed in both. */
  readonly packages?: readonly PackageChange[];
  readonly uncompared?: Uncompared;
  /** How much more the layer itself takes in it; negative: less. Absent where that was not counted. */
  readonly bytes?: number;
}

const MOST_PACKAGES = 5;
const LONGEST_TEXT = 60;
const MEGABYTE = 1_000_000;

/** `+12 −3 ~41, +180 MB`, as far as it is known; `same` where there is no difference. */
export function summarize({ packages, uncompared, bytes }: ImageDifference): string {
  const parts = [
    uncompared === undefined ? '' : 'packages not compared',
    packages === undefined || packages.length === 0 ? '' : countChanges(packages),
    bytes === undefined ? '' : renderGrowth(bytes),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'same' : parts.join(', ');
}

/** `+12 −3 ~41`: added, removed, in another version. */
function countChanges(changes: readonly PackageChange[]): string {
  const { added, removed, changed } = sortChanges(changes);
  const counts = [
    ...(added.length > 0 ? [`+${added.length}`] : []),
    ...(removed.length > 0 ? [`−${removed.length}`] : []),
    ...(changed.length > 0 ? [`~${changed.length}`] : []),
  ];
  return counts.join(' ');
}

/** Empty for what a log file more or less makes. */
function renderGrowth(bytes: number): string {
  const megabytes = Math.round(Math.abs(bytes) / MEGABYTE);
  if (megabytes < 1) return '';
  return `${bytes > 0 ? '+' : '−'}${megabytes < 1_000 ? `${megabytes} MB` : `${(megabytes / 1_000).toFixed(1)} GB`}`;
}

const LEGEND =
  '`+` counts added packages, `−` removed ones, `~` those in another version. ' +
  '`ami-layers diff`, with the ids of both images, lists all of them.';

/** What is other in images than in what was `latest`, a few packages of each; undefined when nothing is. */
export function renderDifferences(report: RunReport): string | undefined {
  const compared = comparedRows(report).filter(
    ({ difference: { packages = [], uncompared } }) => packages.length > 0 || uncompared !== undefined,
  );
  if (compared.length === 0) return undefined;
  const table = markdownTable(
    ['Layer', 'Against', 'Packages'],
    compared.map(({ row, difference: { against, packages, uncompared } }) => [
      inlineCode(row.label),
      inlineCode(against),
      uncompared === undefined ? renderPackages(packages ?? []) : `not compared: ${WHY_UNCOMPARED[uncompared]}`,
    ]),
  );
  return joinParts([table, LEGEND]);
}

/** The same for the console, a line for each image. */
export function differenceLines(report: RunReport): readonly string[] {
  return comparedRows(report).map(({ row, difference }) => {
    const { uncompared } = difference;
    const said = [
      ...(uncompared !== undefined && difference.bytes === undefined ? [] : [sentence(difference)]),
      ...(uncompared === undefined ? [] : [`packages not compared: ${WHY_UNCOMPARED[uncompared]}`]),
    ];
    return `${safeLine(row.label)}: ${said.join('; ')}`;
  });
}

function sentence({ packages, bytes = 0, against }: ImageDifference): string {
  const parts = [
    packages === undefined || packages.length === 0 ? '' : `${countChanges(packages)} packages`,
    renderGrowth(bytes),
  ].filter((part) => part !== '');
  const same = packages === undefined ? 'the same size as' : 'the same packages as';
  return `${parts.length === 0 ? same : `${parts.join(', ')} against`} ${against}, which was latest`;
}

function comparedRows(report: RunReport) {
  return rowsOf(report).flatMap((row) => {
    const difference = report.differences?.get(row.item.key);
    return difference === undefined ? [] : [{ row, difference }];
  });
}

function sortChanges(changes: readonly PackageChange[]) {
  return {
    added: changes.filter(({ before }) => before.length === 0),
    removed: changes.filter(({ after }) => after.length === 0),
    changed: changes.filter(({ before, after }) => before.length > 0 && after.length > 0),
  };
}

function renderPackages(changes: readonly PackageChange[]): string {
  const { added, removed, changed } = sortChanges(changes);
  const more = changes.length - MOST_PACKAGES;
  return [
    ...[...added, ...removed, ...changed].slice(0, MOST_PACKAGES).map(renderPackage),
    ...(more > 0 ? [`and ${plural(more, 'more change')}`] : []),
  ].join('<br>');
}

function renderPackage({ name, before, after }: PackageChange): string {
  const [old, now] = [versions(before), versions(after)];
  const quoted = inlineCode(shorten(name, LONGEST_TEXT));
  if (before.length === 0) return `added ${quoted} ${now}`;
  if (after.length === 0) return `removed ${quoted} ${old}`;
  return `${quoted} ${old} → ${now}`;
}

function versions(all: readonly string[]): string {
  return escapeMarkdown(shorten(all.join(', '), LONGEST_TEXT));
}
