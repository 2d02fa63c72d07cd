import { joinSentences } from './join-sentences.js';
import type { RunReport } from './run-report.js';

/** `Base al2023 moved from ami-… (2026-10-30) to ami-… (2026-11-14).`; empty where none did. `quote`: makes a template's text safe. */
export function renderBaseMoves({ baseMoves = [], plan }: RunReport, quote: (text: string) => string): string {
  const isOne = <T>(values: readonly T[]): boolean => new Set(values).size < 2;
  const oneArchitecture = isOne(plan.items.map(({ architecture }) => architecture));
  const oneRegion = isOne(plan.items.map(({ region }) => region));
  return joinSentences(
    baseMoves.map(({ base, architecture, region, from, to }) => {
      const where = [...(oneArchitecture ? [] : [architecture]), ...(oneRegion ? [] : [region])];
      const of = where.length === 0 ? '' : ` (${where.join(', ')})`;
      return `Base ${quote(base)}${of} moved from ${from.imageId} (${from.since}) to ${to.imageId} (${to.since}).`;
    }),
  );
}
