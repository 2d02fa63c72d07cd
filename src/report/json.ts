import type { LayerResult } from '../build/outcome.js';
import { usdPerMonth } from '../plan/storage.js';
import { renderReasons } from './reasons.js';
import { resultOf } from './result.js';
import type { RunReport } from './run-report.js';

/** The whole report for programs: `--json`. Fields are only ever added. */
export function toJson(report: RunReport): string {
  const layers = report.plan.items.map((item) => ({
    layer: item.node.layer.name,
    architecture: item.architecture,
    region: item.region,
    template: item.node.layer.templatePath,
    parent: item.node.parent ?? null,
    templateHash: item.templateHash,
    action: item.action.kind,
    image: item.action.kind === 'build' ? null : item.action.image.imageId,
    reasons: item.reasons,
    publication: item.node.layer.publication,
    why: renderReasons(item.reasons, { now: report.finishedAt, quote: (text) => text }),
    ...outcomeOf(report.results.get(item.key)),
  }));
  return JSON.stringify(
    {
      result: resultOf(report),
      run: report.run.id,
      layers,
      promoted: report.promoted,
      leftovers: report.leftovers,
      warnings: report.warnings,
      apiCalls: report.apiCalls,
      apiRepeats: report.apiRepeats ?? {},
      expectedSeconds: report.expectedMs === undefined ? null : Math.round(report.expectedMs / 1000),
      cost: costOf(report),
      storage: storageOf(report),
      baseMoves: report.baseMoves ?? [],
      seconds: (report.finishedAt - report.startedAt) / 1000,
    },
    undefined,
    2,
  );
}

/** `pricesOf` and `pricesIn` are those of the first source, of which there is one as a rule. */
function costOf({ cost = {} }: RunReport): object {
  const { costUsd, savedUsd, prices = [], hourly = [] } = cost;
  return {
    costUsd: rounded(costUsd),
    savedUsd: rounded(savedUsd),
    pricesOf: prices[0]?.date ?? null,
    pricesIn: prices[0]?.region ?? null,
    prices,
    hourly,
  };
}

function storageOf({ storage }: RunReport): object | null {
  return storage === undefined ? null : { ...storage, usdPerMonth: rounded(usdPerMonth(storage.bytes)) };
}

/** Hundredths of a cent; null where nobody knows. */
function rounded(usd: number | undefined): number | null {
  return usd === undefined ? null : Number(usd.toFixed(4));
}

function outcomeOf(result: LayerResult | undefined): Readonly<Record<string, unknown>> {
  if (result === undefined) return {};
  const { outcome, timings } = result;
  if (outcome.kind !== 'failed' && outcome.kind !== 'blocked') return { outcome, timings };
  if (outcome.failure === undefined) return { outcome, timings };
  const { step, ...failure } = outcome.failure;
  const named =
    step === undefined ? null : { name: step.name, index: step.index, count: step.count, exitCode: step.exitCode };
  return { outcome: { ...outcome, failure: { ...failure, step: named } }, timings };
}
