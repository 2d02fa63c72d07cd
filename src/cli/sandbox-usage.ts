import type { Sandbox } from './sandbox-door.js';

type Usage = Awaited<ReturnType<Sandbox['control']['usage']>>;

export interface UsageLines {
  readonly endpoint: string;
  readonly directory: string;
  readonly warning: string | undefined;
  readonly usage: Usage;
}

/** What `ami-layers sandbox status` prints. */
export function renderUsage({ endpoint, directory, warning, usage }: UsageLines): readonly string[] {
  const { images, instances, usedBytes, availableBytes } = usage;
  const states = Object.entries(instances).map(([state, count]) => `${count} ${state}`);
  return [
    `endpoint   ${endpoint}`,
    `directory  ${directory}`,
    `images     ${images}`,
    `instances  ${states.join(', ') || '0'}`,
    `disk       ${gibibytes(usedBytes)} used, ${gibibytes(availableBytes)} available`,
    ...(warning === undefined ? [] : [`warning    ${warning}`]),
  ];
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}
