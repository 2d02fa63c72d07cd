import { ANYWHERE, placesOf } from '../build/places.js';
import type { ImageRecord } from '../images/image-record.js';
import type { BuildPlan, PlanItem } from '../plan/build-plan.js';
import { estimatePlan, savedUsd, type MachinesOf } from '../plan/estimate.js';
import { NO_HISTORY, type History } from '../plan/history.js';
import type { RunReport } from '../report/run-report.js';
import type { BuildOptions, PlanOptions } from './options.js';
import type { Ports } from './ports.js';

export type OutlookOptions = PlanOptions & Partial<Pick<BuildOptions, 'placement' | 'maxParallel'>>;

/** What earlier runs say of a plan. It decides nothing. */
export interface Outlook {
  readonly history: History;
  /** Images of what the layers to build were before. */
  readonly earlier: readonly ImageRecord[];
  readonly machinesOf: MachinesOf;
  readonly said: Pick<RunReport, 'expectedMs' | 'cost'>;
}

const USUAL_PARALLEL = 4;

/** Asks earlier runs' images, and what those runs left in the cache, how long a plan takes; nobody where nothing is to be done. */
export async function lookAhead(plan: BuildPlan, options: OutlookOptions, ports: Ports): Promise<Outlook> {
  const { placement = ANYWHERE, maxParallel = USUAL_PARALLEL, offline } = options;
  const { items } = plan;
  const asks = !offline && items.some(({ action }) => action.kind !== 'reuse');
  const [history, earlier] = asks
    ? await Promise.all([ports.history?.() ?? NO_HISTORY, earlierImages(plan, ports)])
    : [NO_HISTORY, []];
  const machinesOf = (item: PlanItem): ReturnType<MachinesOf> => ({
    builder: placesOf(item, 'builder', placement)[0]?.instanceType ?? '',
    test: placesOf(item, 'test', placement)[0]?.instanceType ?? '',
  });
  const estimate = offline ? undefined : estimatePlan({ items, history, earlier, machinesOf, maxParallel });
  return {
    history,
    earlier,
    machinesOf,
    said: {
      ...(estimate === undefined ? {} : { expectedMs: estimate.durationMs }),
      cost: costs(estimate?.costUsd, savedUsd(items, machinesOf)),
    },
  };
}

/** Without those that are not known. */
export function costs(costUsd: number | undefined, saved: number | undefined): NonNullable<RunReport['cost']> {
  return {
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(saved === undefined ? {} : { savedUsd: saved }),
  };
}

/** A guess will do: where AWS does not answer there is none. */
async function earlierImages({ items }: BuildPlan, { cloudIn }: Ports): Promise<readonly ImageRecord[]> {
  const built = items.filter(({ action }) => action.kind === 'build');
  const regions = [...new Set(built.map(({ region }) => region))];
  const found = await Promise.allSettled(regions.map((region) => cloudIn(region).listImages({ latest: true })));
  return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}
