import type { Sandbox } from './sandbox-door.js';

type Usage = Awaited<ReturnType<Sandbox['control']['usage']>>;

export interface UsageLines {
  readonly endpoint: string;
  readonly directory: string;
  readonly base: string;
  /** Whether instances find their metadata at its usual address. */
  readonly metadata: boolean;
  readonly warning: string | undefined;
  readonly usage: Usage;
}

/** What `ami-layers sandbox status` prints. */
export function renderUsage({ endpoint, directory, base, metadata, warning, usage }: UsageLines): readonly string[] {
  const { images, instances, usedBytes, availableBytes } = usage;
  const states = Object.entries(instances).map(([state, count]) => `${count} ${state}`);
  return [
    `endpoint   ${endpoint}`,
    `directory  ${directory}`,
    `base       ${base}`,
    `metadata   ${metadata ? 'answers' : 'cannot be had on this machine'}`,
    `images     ${images}`,
    `instances  ${states.join(', ') || '0'}`,
    `disk       ${size(usedBytes)} used, ${size(availableBytes)} available`,
    ...(warning === undefined ? [] : [`warning    ${warning}`]),
  ];
}

const MEBIBYTE = 1_048_576;

function size(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE;
  if (mebibytes < 1) return 'less than 1 MiB';
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${Math.round(mebibytes / 1024)} GiB`;
}
