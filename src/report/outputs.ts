import type { PlanItem } from '../plan/build-plan.js';
import type { Reason } from '../plan/reason.js';
import { buildsOf, makeMatrix } from './matrix.js';
import { resultOf } from './result.js';
import { rowsOf, usableImage, type Row } from './rows.js';
import type { RunReport } from './run-report.js';
import type { RowKind } from './words.js';

/**
 * UTF-8 bytes. Larger values reach the next step only as `Argument list too long`: Linux passes at most 128 KiB in
 * one environment variable.
 */
export const OUTPUT_LIMIT = 100_000;

const AFFECTED = new Set<Reason['kind']>(['file-changed', 'parent-affected']);

export interface Outputs {
  /** As action.yml names them. */
  readonly values: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** The action's outputs. Layers are named `layer`, or `layer/architecture` where a layer has several. */
export function makeOutputs(report: RunReport): Outputs {
  const rows = rowsOf(report);
  const ofKind = (kind: RowKind): string => namesOf(rows.filter((row) => row.kind === kind));
  const matrix = makeMatrix(report.plan);
  const { values, warnings } = withinLimit({
    result: resultOf(report),
    'has-builds': String(buildsOf(report.plan).length > 0),
    affected: namesOf(rows.filter(({ item }) => item.reasons.some(({ kind }) => AFFECTED.has(kind)))),
    built: ofKind('built'),
    reused: ofKind('reused'),
    failed: ofKind('failed'),
    blocked: ofKind('blocked'),
    amis: JSON.stringify(imageMap(report)),
    'ami-id': onlyLeafImage(report) ?? '',
    matrix: matrix.json,
  });
  return { values, warnings: [...matrix.warnings, ...warnings] };
}

/** Every image that may be launched, by its layer's name. */
export function imageMap(report: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(
    report.plan.items.flatMap((item) => {
      const imageId = usableImage(report, item);
      return imageId === undefined ? [] : [[outputName(item), imageId]];
    }),
  );
}

function outputName({ key, node }: PlanItem): string {
  return node.architectures.length > 1 ? key : node.layer.name;
}

function namesOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map(({ item }) => outputName(item)));
}

/** The image of the only variant that no other variant of the plan stands on; undefined when there are several. */
function onlyLeafImage(report: RunReport): string | undefined {
  const parents = new Set(report.plan.items.map(({ parent }) => parent));
  const [leaf, ...others] = report.plan.items.filter(({ key }) => !parents.has(key));
  return leaf === undefined || others.length > 0 ? undefined : usableImage(report, leaf);
}

function withinLimit(values: Readonly<Record<string, string>>): Outputs {
  const tooLong = Object.keys(values).filter((name) => Buffer.byteLength(values[name] ?? '') > OUTPUT_LIMIT);
  return {
    values: { ...values, ...Object.fromEntries(tooLong.map((name) => [name, ''])) },
    warnings: tooLong.map((name) => `the output "${name}" is empty: it would be longer than ${OUTPUT_LIMIT} bytes`),
  };
}
