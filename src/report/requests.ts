import type { RunReport } from './run-report.js';

/** `AWS requests: 131, 4 of them sent again (RequestLimitExceeded 3, ECONNRESET 1)`. */
export function renderRequests({ apiCalls, apiRepeats = {} }: RunReport): string {
  const repeats = Object.entries(apiRepeats).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const again = sum(Object.values(apiRepeats));
  const why = repeats.map(([code, count]) => `${code} ${count}`).join(', ');
  return `AWS requests: ${sum(Object.values(apiCalls))}${again === 0 ? '' : `, ${again} of them sent again (${why})`}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
