/** Where the delivered bundle lives on a builder or test instance; root only, removed by the seal. */
export const BUNDLE_ROOT = '/var/lib/ami-layers';

/** How much of a step's output comes back: SSM keeps the first 24,000 characters of an answer (SSM API reference). */
export const OUTPUT_TAIL_BYTES = 20_000;

/** Starts the line that says how something ended. */
export const MARKER = '@@ami-layers';

/** Any failure of the program becomes exit code 1: one that is killed ends with 137, which the agent calls a time-out. */
export function orFail(program: string): string {
  return `${program} || exit 1`;
}
