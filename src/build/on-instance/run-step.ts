import { BUNDLE_ROOT, MARKER, OUTPUT_TAIL_BYTES } from './layout.js';

/**
 * The program on the instance that runs one script of the bundle: `run-step <path below the root>`.
 *
 * The agent gives commands no HOME, runs them with sh and without `set -e`, and takes the exit codes 194 and 137 for
 * messages to itself (amazon-ssm-agent, runscript and pluginutil_unix.go), so the script runs as a child with a log of
 * its own, and its exit code travels in a marker line. What comes back is the end of the log: errors are at the end.
 */
export const RUN_STEP = `#!/bin/bash
set -u
root=${BUNDLE_ROOT}
script=$root/$1
log=$root/log/$1
mkdir -p "$(dirname "$log")"
export HOME=/root USER=root LOGNAME=root
export PATH=\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
. "$root/environment"
cd "$root/files/$(cat "$root/folder")" || exit 1
if [ "$(head -c 2 "$script")" = '#!' ]; then
  chmod 700 "$script"
  "$script" >"$log" 2>&1 </dev/null
else
  bash -euo pipefail "$script" >"$log" 2>&1 </dev/null
fi
code=$?
bytes=$(wc -c <"$log")
tail -c ${OUTPUT_TAIL_BYTES} "$log"
printf '\\n${MARKER} exit=%d bytes=%d\\n' "$code" "$bytes"
[ "$code" -eq 0 ]
`;

export interface StepEnd {
  readonly exitCode: number;
  /** The end of the step's output. */
  readonly output: string;
  /** Bytes of output that are not in `output`. */
  readonly omittedBytes: number;
}

/** Reads what `run-step` printed; undefined when it never came to its last line. */
export function readStepEnd(text: string): StepEnd | undefined {
  const at = text.lastIndexOf(`\n${MARKER} exit=`);
  const match = /exit=(\d+) bytes=(\d+)/.exec(text.slice(at));
  if (at === -1 || match === null) return undefined;
  const output = text.slice(0, at);
  return {
    exitCode: Number(match[1]),
    output,
    omittedBytes: Math.max(0, Number(match[2]) - OUTPUT_TAIL_BYTES),
  };
}
