/** What programs on an instance call to let the sandbox's time pass: `sandbox-sleep 3600` takes a second at rate 3,600. */
export const SLEEP_NAME = 'sandbox-sleep';

const PREFIX = '/run/sandbox-sleep.';

/**
 * Asks over /run/initctl and waits at a FIFO of its own, opened for both so that neither side can hang on a dead one.
 */
export const SLEEP_SHIM = String.raw`#!/bin/sh
case ${'$'}{1-} in '' | *[!0-9.]*) echo "usage: sandbox-sleep SECONDS" >&2; exit 2 ;; esac
fifo=${PREFIX}$$
trap 'rm -f "$fifo"' EXIT
trap 'exit 143' TERM INT HUP
mkfifo -m 600 "$fifo" && exec 3<>"$fifo" || exit 1
echo "sandbox-sleep $$ $1" >/run/initctl
read -r _ <&3
`;

/** Run on the instance when the time has come. */
export const WAKE_SCRIPT = String.raw`[ -p "$1" ] && echo 1<>"$1"`;

export interface SleepRequest {
  /** Where the sleeper waits, on its instance. */
  readonly fifo: string;
  readonly ms: number;
}

/** Undefined: the line is another program's. */
export function parseSleep(line: string): SleepRequest | undefined {
  const [, sleeper, seconds] = /^sandbox-sleep (\d+) (\d+(?:\.\d+)?|\.\d+)$/.exec(line.trim()) ?? [];
  return sleeper === undefined ? undefined : { fifo: `${PREFIX}${sleeper}`, ms: Number(seconds) * 1000 };
}
