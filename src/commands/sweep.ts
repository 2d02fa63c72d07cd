import { CloudFailure, type Cloud } from '../build/cloud.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { decideSweep, isUnfinished, type Found, type Judged } from '../images/decide-sweep.js';
import { identify, type SweepReport, type SweepRow, type UnreadRegion } from '../report/sweep-report.js';
import { endFound } from './end-found.js';
import type { SweepOptions } from './options.js';
import type { Ports } from './ports.js';

type SweepPorts = Pick<Ports, 'cloudIn' | 'apiCalls' | 'clock'>;

/**
 * Ends what dead runs left: instances past their time, and images that EC2 could not make. All Regions are looked at
 * before anything ends. Throws `InvalidInput` when there is no Region; what AWS refuses is in the report.
 */
export async function sweep(options: SweepOptions, ports: SweepPorts): Promise<SweepReport> {
  const { dryRun, runs, olderThanMs } = options;
  // A variable that a workflow sets to nothing names no Region.
  const regions = [...new Set(options.regions)].filter((region) => region !== '');
  if (regions.length === 0) throw noRegion();
  const { clock } = ports;
  const startedAt = clock.now();
  const gathered = await Promise.all(regions.map((region) => gather(ports.cloudIn(region))));
  const rules = { now: clock.now(), runs, olderThanMs };
  const decided = gathered.map(({ cloud, found }) => ({ cloud, judged: decideSweep(found, rules) }));
  const swept = await Promise.all(
    decided.map(async ({ cloud, judged }) => (dryRun ? foretell(judged) : apply(judged, cloud))),
  );
  return {
    regions,
    dryRun,
    rows: swept.flatMap(({ rows }) => rows),
    leftovers: swept.flatMap(({ leftovers }) => leftovers),
    unread: gathered.flatMap(({ unread }) => unread),
    apiCalls: { ...ports.apiCalls },
    startedAt,
    finishedAt: clock.now(),
  };
}

interface Gathered {
  readonly cloud: Cloud;
  readonly found: readonly Found[];
  readonly unread: readonly UnreadRegion[];
}

async function gather(cloud: Cloud): Promise<Gathered> {
  try {
    return { cloud, found: await find(cloud), unread: [] };
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    return { cloud, found: [], unread: [{ region: cloud.region, message: error.message, fix: error.fix }] };
  }
}

async function find(cloud: Cloud): Promise<readonly Found[]> {
  // Instances first: the image of a builder that is seen here is then seen as well.
  const instances = await cloud.listInstances();
  const images = (await cloud.listImages()).filter(isUnfinished);
  return [
    ...instances.map((instance) => ({ kind: 'instance', instance }) as const),
    ...images.map((image) => ({ kind: 'image', image }) as const),
  ];
}

type Swept = Pick<SweepReport, 'rows' | 'leftovers'>;

function foretell(judged: readonly Judged[]): Swept {
  const rows = judged.map((one): SweepRow => ({ ...one, result: one.verdict.action === 'end' ? 'would-end' : 'kept' }));
  return { rows, leftovers: [] };
}

async function apply(judged: readonly Judged[], cloud: Cloud): Promise<Swept> {
  const doomed = judged.filter(({ verdict }) => verdict.action === 'end').map(({ found }) => found);
  const leftovers = await endFound(doomed, cloud);
  const left = new Set(leftovers.map(({ id }) => id));
  const rows = judged.map((one): SweepRow => {
    if (one.verdict.action === 'keep') return { ...one, result: 'kept' };
    return { ...one, result: left.has(identify(one.found).id) ? 'left' : 'ended' };
  });
  return { rows, leftovers };
}

function noRegion(): InvalidInput {
  return new InvalidInput([
    {
      code: 'bad-input',
      message: 'there is no Region to sweep',
      fix: 'give --region (in a workflow the input `aws-region`), or set AWS_REGION.',
    },
  ]);
}
