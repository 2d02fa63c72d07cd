import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from '../../sandbox/github/read-lines.js';
import { makeStepLog } from '../../sandbox/github/step-log.js';
import { parseWorkflowCommand } from '../../sandbox/github/workflow-command.js';
import type { BuildEvent } from '../../src/build/events.js';
import type { Outcome } from '../../src/build/outcome.js';
import { makeOutput } from '../../src/cli/output.js';
import { DIAGNOSTIC_TITLES, type Diagnostic, type DiagnosticCode } from '../../src/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { print, printGroup } from '../../src/github/logs.js';
import { publishAnnotations, publishFailure } from '../../src/github/publish.js';
import { annotateDiagnostics, annotateReport } from '../../src/report/annotations.js';
import { makeConsoleLines } from '../../src/report/console-lines.js';
import { renderFailureLine, renderFinalLines } from '../../src/report/final-lines.js';
import { toJson } from '../../src/report/json.js';
import { renderPlan } from '../../src/report/plan-table.js';
import { because, failed, plan, report, results } from './example-report.js';

/** The same cases in every run; FUZZ_SEED and FUZZ_CASES make it try others, or more. */
const RUNS = { seed: Number(process.env.FUZZ_SEED ?? 20), numRuns: Number(process.env.FUZZ_CASES ?? 150) };

const PARTS = [
  '##[set-output name=amis]{}',
  '::set-output name=amis::{}',
  '##[save-state name=ended]clean',
  '::add-mask::a',
  '::stop-commands::x',
  '::group::x',
  '::error file=a,line=1::x',
  ...['##', '#', '[', ']', ':', '::', '%0A', '%', ' ', '\t', '\n', '\r', '\r\n'],
  ...['\u2028', '\u2029', '\u0085', '\u000b', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u200d', '\u2060', '\u00ad'],
  ...['\u001b[2J', '\u001b]0;x\u0007', '\u001b', '\u009b', '\u0000', '\u007f', '\u202e', '\u2066', '\u061c', '\ud800'],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ unit: 'binary', maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

/** What acts on a terminal or hides from who reads it. Written down here once more, and not taken from what is tested. */
const ACTS =
  // eslint-disable-next-line no-control-regex -- these characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const KNOWN = new Set([
  ...['error', 'warning', 'notice', 'debug', 'group', 'endgroup', 'add-mask', 'stop-commands', 'echo'],
  ...['add-matcher', 'remove-matcher', 'set-output', 'save-state', 'set-env', 'add-path', 'internal-set-repo-path'],
]);

let printed = '';
beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterAll(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** The commands that the stand-in runner obeys in what is printed; fails where it does more, or where something acts. */
function obeyedIn(work: () => void): readonly string[] {
  printed = '';
  work();
  const lines: string[] = [];
  const { add, end } = readLines((line) => lines.push(line));
  add(Buffer.from(printed));
  end();
  const masks = new Set<string>();
  const log = makeStepLog(masks);
  lines.forEach(log.take);
  expect([...log.outputs, ...log.state, ...masks]).toEqual([]);
  expect(log.failed).toBe(false);
  expect(ACTS.exec(printed)).toBeNull();
  return lines.flatMap((line) => parseWorkflowCommand(line, KNOWN)?.name ?? []);
}

function shownOnTerminal(text: string): string {
  let shown = '';
  const stream = { isTTY: true, write: (written: string) => (shown += written) };
  const { out, err, data } = makeOutput(stream, stream);
  out(text);
  err(text);
  data(text);
  return shown;
}

function diagnosticOf(code: DiagnosticCode, [path, text, message]: readonly string[]): Diagnostic {
  const span = { source: { path: path ?? '', text: text ?? '' }, offset: 0, length: (text ?? '').length };
  return {
    code,
    message: `"${message ?? ''}"`,
    fix: `not ${message ?? ''}`,
    span,
    related: [{ span, message: text ?? '' }],
  };
}

function outcomeOf([message = '', log = '', name = '']: readonly string[]): Extract<Outcome, { kind: 'failed' }> {
  const span = { source: { path: name, text: message }, offset: 0, length: 1 };
  const step = { index: 1, count: 2, name, exitCode: 3, span };
  return failed({ phase: 'steps', message, fix: message, step, logTail: log.split('\n') });
}

describe('whatever text is in it, the runner obeys only us and nothing acts on a terminal', () => {
  test.each(Object.keys(DIAGNOSTIC_TITLES) as DiagnosticCode[])('a diagnostic: %s', (code) => {
    fc.assert(
      fc.property(fc.tuple(hostile, hostile, hostile), (texts) => {
        const diagnostics = [diagnosticOf(code, texts)];
        const text = renderDiagnostics(diagnostics);
        expect(obeyedIn(() => print(text.split('\n')))).toEqual([]);
        expect(obeyedIn(() => publishAnnotations(annotateDiagnostics(diagnostics)))).toEqual(['error']);
        expect(ACTS.exec(shownOnTerminal(text))).toBeNull();
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 10) },
    );
  });

  test('names of layers and files, output, messages of AWS, answers of checks, warnings', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 4, maxLength: 4 }), (texts) => {
        const [name = '', output = '', file = '', warning = ''] = texts;
        const built = plan({
          name,
          reasons: [because.noImage(name), { kind: 'file-changed', path: file, role: 'script' }],
        });
        const { key } = built.items[0]!;
        const outcome = outcomeOf(texts);
        const leftovers = [{ kind: 'instance', id: 'i-1', region: 'us-east-1', why: warning } as const];
        const run = report({ plan: built, results: results([key, outcome]), warnings: [warning], leftovers });
        const events: readonly BuildEvent[] = [
          { kind: 'phase', key, phase: 'launch', detail: warning },
          { kind: 'step-started', key, index: 1, count: 1, name },
          { kind: 'output', key, text: output },
          { kind: 'step-finished', key, name, exitCode: 1, durationMs: 1 },
          { kind: 'waiting', key, detail: warning },
          { kind: 'warning', key, message: warning },
          { kind: 'outcome', key, outcome },
        ];
        const lines = [
          ...renderPlan({ plan: built, now: 0 }),
          ...events.flatMap(makeConsoleLines(built)),
          ...renderFinalLines(run),
        ];
        expect(obeyedIn(() => print(lines))).toEqual([]);
        expect(obeyedIn(() => printGroup(name, lines))).toEqual(['group', 'endgroup']);
        expect(obeyedIn(() => publishFailure(renderFailureLine(run) ?? ''))).toEqual(['error']);
        expect(obeyedIn(() => publishAnnotations(annotateReport(run)))).toEqual(['error', 'warning', 'warning']);
        expect(ACTS.exec(shownOnTerminal(lines.join('\n')))).toBeNull();
        const [json = ''] = shownOnTerminal(toJson(run)).split('\n}\n', 1);
        expect(JSON.parse(`${json}}`)).toMatchObject({ warnings: [warning] });
      }),
      RUNS,
    );
  });

  test('any text at all', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(obeyedIn(() => print([text]))).toEqual([]);
        expect(ACTS.exec(shownOnTerminal(text))).toBeNull();
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 10 },
    );
  });
});
