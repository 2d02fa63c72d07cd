import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../src/build/outcome.js';
import { COMMENT_LIMIT, renderComment } from '../../src/report/comment.js';
import { parseMarker } from '../../src/report/marker.js';
import type { RunReport } from '../../src/report/run-report.js';
import { renderSummary, SUMMARY_LIMIT } from '../../src/report/summary.js';
import { because, built, failed, plan, report, results, reused } from './example-report.js';

interface Size {
  readonly failed: number;
  readonly built: number;
  readonly reused: number;
  readonly logLine?: string;
  readonly message?: string;
}

/** A flat tree of so many layers of each outcome. */
function large({
  failed: failures,
  built: builds,
  reused: reuses,
  logLine = 'x'.repeat(100),
  message,
}: Size): RunReport {
  const failure = failed({ logTail: Array.from({ length: 30 }, () => logLine), ...(message && { message }) });
  const layers = [
    ...layersOf('failed', failures, () => failure),
    ...layersOf('built', builds, (name) => built(name, 3)),
    ...layersOf('reused', reuses, (name) => reused(name)),
  ];
  return report({
    plan: plan(
      ...layers.map(({ name, outcome }) => ({
        name,
        action: outcome.kind === 'reused' ? ('reuse' as const) : ('build' as const),
        reasons: [because.template(name)],
      })),
    ),
    results: results(...layers.map(({ name, outcome }) => [`${name}/x86_64`, outcome] as const)),
  });
}

function layersOf(kind: string, count: number, outcomeOf: (name: string) => Outcome) {
  return Array.from({ length: count }, (_, index) => {
    const name = `${kind}-${index}`;
    return { name, outcome: outcomeOf(name) };
  });
}

const comment = (size: Size): string => renderComment(large(size), { id: 'default' });
const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);
const leftOut = (words: string): string => `<sub>A re-run resumes: ${words}</sub>`;

describe('a comment', () => {
  test('counts reused layers when there are more than 30', () => {
    expect(comment({ failed: 0, built: 1, reused: 30 })).toContain('| `reused-29` | ♻️\u00a0reused |');
    const more = comment({ failed: 0, built: 1, reused: 31 });
    expect(more).not.toContain('| `reused-0` |');
    expect(more).toContain('\n\nNot listed: 31 layers reused.\n\n');
  });

  test('leaves out the log tails first', () => {
    const text = comment({ failed: 30, built: 0, reused: 0 });
    expect([text.includes('xxxx'), text.includes('```mermaid')]).toEqual([false, true]);
    expect(lastLine(text)).toBe(
      leftOut('0 of 30 layers done. Too long for a comment; left out: log tails. The job summary has them.'),
    );
  });

  test('then the list of AMI ids and the graph', () => {
    const text = comment({ failed: 100, built: 45, reused: 0, message: 'm'.repeat(300) });
    expect([text.includes('```mermaid'), text.includes('changed |')]).toEqual([false, true]);
    expect(lastLine(text)).toBe(
      leftOut(
        '45 of 145 layers done. ' +
          'Too long for a comment; left out: log tails, the list of AMI ids, the graph. The job summary has them.',
      ),
    );
  });

  test('then reused layers and links, and keeps the whole ids and every reason', () => {
    const text = comment({ failed: 0, built: 400, reused: 20 });
    expect(lastLine(text)).toBe(
      '<sub>Reuse saved 360 minutes of building. <code>latest</code> moves after the merge. Too long for a comment; ' +
        'left out: the list of AMI ids, the graph, reused layers, links to AMIs. The job summary has them.</sub>',
    );
    expect(text).toMatch(/^\| `built-399` \| [^|]+ \| `ami-0[0-9a-f]{16}` \| `templates\/built-399\.yml` changed \|/m);
  });

  test('keeps the verdict, failed layers and the link to the run to the last', () => {
    const text = comment({ failed: 300, built: 3_000, reused: 3_000 });
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(parseMarker(text)?.run).toBe(118);
    expect(text.split('\n').slice(1, 3)).toEqual([
      '### ❌ AMI layers: 300 failed · 3000 built · 3000 reused',
      '`a1b2c3d` · us-east-1 · 41 m · [run #118](https://github.com/acme/images/actions/runs/7001)',
    ]);
    expect(text).toContain('| `failed-0` | ❌\u00a0failed |');
    expect(text).toContain('Not listed: 3000 layers reused, 3250 layers more.');
    expect(lastLine(text)).toMatch(/layers after the first 50\. The job summary has them\.<\/sub>$/);
  });

  test('is never longer than GitHub takes, whatever is in it', () => {
    const text = comment({ failed: 500, built: 0, reused: 0, message: '|'.repeat(5_000), logLine: '`'.repeat(5_000) });
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  });
});

describe('a job summary', () => {
  test('lists every layer while there is room', () => {
    expect(renderSummary(large({ failed: 0, built: 1, reused: 400 }))).toContain('| `reused-399` | ♻️\u00a0reused |');
  });

  test('is never longer than the runner takes, counted in bytes', () => {
    const text = renderSummary(large({ failed: 900, built: 4_000, reused: 10, logLine: '日'.repeat(400) }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SUMMARY_LIMIT);
    expect(text).toContain('| `failed-0` | ❌\u00a0failed |');
    expect(lastLine(text)).toBe(
      'Too long for a summary; left out: the inputs of hashes, log tails, the graph, reused layers, links to AMIs.',
    );
  });
});
