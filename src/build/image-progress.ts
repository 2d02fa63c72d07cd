import type { BuildContext } from './context.js';

/** A little less than a minute: each heartbeat has a figure of its own minute. */
const ASKED_EVERY_MS = 50_000;
const ANSWER_TIMEOUT_MS = 30_000;

export interface Progress {
  /** How much of a snapshot was there at the last look, in words; undefined where that is not known (yet). */
  readonly progressOf: (snapshotId: string | undefined) => string | undefined;
  readonly end: () => void;
}

/** Asks how far the snapshot of a pending image is, now and then. Who may not ask waits as well, without being told. */
export function watchProgress({ watch, clock }: Pick<BuildContext, 'watch' | 'clock'>): Progress {
  const ended = new AbortController();
  let askedAt = clock.now();
  let percent: number | undefined;

  const ask = async (snapshotId: string): Promise<void> => {
    askedAt = clock.now();
    percent = await watch.snapshots.wait(snapshotId, {
      until: (seen) => seen,
      timeoutMs: ANSWER_TIMEOUT_MS,
      abandon: ended.signal,
      onTimeout: () => new Error(`EC2 does not show ${snapshotId}`),
    });
  };

  return {
    progressOf: (snapshotId) => {
      const isDue = clock.now() - askedAt >= ASKED_EVERY_MS;
      if (snapshotId !== undefined && isDue) void ask(snapshotId).catch(() => undefined);
      return percent === undefined ? undefined : `${percent} % of its snapshot`;
    },
    end: () => {
      ended.abort();
    },
  };
}
