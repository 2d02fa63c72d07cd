/** One layer of a graph to be built: what is under it and what it takes. */
export interface BenchLayer {
  readonly name: string;
  /** Undefined: it stands on a base image. */
  readonly parent: string | undefined;
  readonly stepSeconds: number;
  /** How long its image stays pending. */
  readonly imageSeconds: number;
}

export interface BenchGraph {
  readonly title: string;
  /** Parents before children. */
  readonly layers: readonly BenchLayer[];
}

/** How long AWS takes here, in seconds: a builder until its agent answers, a stop, and the checks of a validation. */
export interface BenchWaits {
  readonly launch: number;
  readonly stop: number;
  readonly checks: number;
}

/** Estimates: none was measured on AWS. A snapshot takes 45 s and 20 s more for each changed GB. */
export const WAITS: BenchWaits = { launch: 35, stop: 25, checks: 20 };

/** Of a launch: until EC2 says that the instance runs. */
export const RUNNING_SECONDS = 20;

export const GRAPHS = {
  apps: graph('3 apps on 50 shared minutes', 4, (at) => (at === 0 ? [undefined, 50, 6] : [0, 10, 1])),
  chain: graph('chain of 8', 8, (at) => [at === 0 ? undefined : at - 1, 4, 1]),
  tree: graph('4-ary tree of 21', 21, (at) => [at === 0 ? undefined : Math.floor((at - 1) / 4), 2 + 6 * mixed(at), 1]),
  wide: graph('base and 40 leaves', 41, (at) => (at === 0 ? [undefined, 20, 4] : [0, 5, 0.5])),
  mixed: graph('40 layers, mixed', 40, (at) => [
    at < 3 ? undefined : Math.floor(mixed(at) * Math.min(at, 15)),
    1 + 11 * mixed(at + 100),
    4 * mixed(at + 200),
  ]),
} as const satisfies Record<string, BenchGraph>;

type Shape = (at: number) => readonly [parent: number | undefined, stepMinutes: number, changedGb: number];

function graph(title: string, count: number, shape: Shape): BenchGraph {
  const layers = Array.from({ length: count }, (_, at): BenchLayer => {
    const [parent, minutes, gb] = shape(at);
    return {
      name: `layer-${at}`,
      parent: parent === undefined ? undefined : `layer-${parent}`,
      stepSeconds: Math.round(minutes * 60),
      imageSeconds: Math.round(45 + 20 * gb),
    };
  });
  return { title, layers };
}

/** From 0 to 1, without a pattern, and the same every time. */
function mixed(at: number): number {
  return (at * 0.618_033_988_75) % 1;
}
