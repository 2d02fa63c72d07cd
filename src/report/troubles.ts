import { plural } from './durations.js';
import { escapeMarkdown, inlineCode } from './markdown.js';
import type { RunReport } from './run-report.js';
import { shorten } from './untrusted.js';

const MOST_LISTED = 10;
const LONGEST_WARNING = 500;

/** Warnings and leftovers as a list; undefined when there are none. */
export function renderTroubles({ warnings, leftovers }: RunReport): string | undefined {
  const lines = [
    ...leftovers.map(
      ({ kind, id, region, why }) =>
        `left behind: ${kind} ${inlineCode(id)} in ${region} (${escapeMarkdown(shorten(why, LONGEST_WARNING))})`,
    ),
    ...warnings.map((warning) => escapeMarkdown(shorten(warning, LONGEST_WARNING))),
  ];
  if (lines.length === 0) return undefined;
  const more = lines.length - MOST_LISTED;
  return [
    ...lines.slice(0, MOST_LISTED).map((line) => `- ⚠️ ${line}`),
    ...(more > 0 ? [`- and ${plural(more, 'warning')} more`] : []),
  ].join('\n');
}
