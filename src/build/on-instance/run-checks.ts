import type { Check } from '../../template/layer.js';
import { MARKER, OUTPUT_TAIL_BYTES } from './layout.js';

/** One thing a fresh instance must pass, as files in the bundle's `checks/<number>/`. */
export interface CheckFiles {
  readonly run: string;
  /** Where it starts, in the repository; undefined: where the layer's template is. */
  readonly folder?: string | undefined;
  readonly exitCode: number;
  readonly contains?: string | undefined;
  readonly equals?: string | undefined;
  readonly matches?: string | undefined;
}

/** What did not hold, in the words of the marker line. */
export type CheckVerdict = 'ok' | 'exit' | 'contains' | 'equals' | 'matches';

/**
 * The program on the test instance that runs all checks, stops at the first that fails, and prints that one's output.
 * Expected texts are files, so nothing of a template is ever part of a command line.
 */
export const RUN_CHECKS = `#!/bin/bash
set -u
root=$(cd "$(dirname "$0")" && pwd)
trimmed() {
  local text=$1
  text=\${text#"\${text%%[![:space:]]*}"}
  printf %s "\${text%"\${text##*[![:space:]]}"}"
}
count=$(cat "$root/checks/count")
for number in $(seq 1 "$count"); do
  check=$root/checks/$number
  folder=$root/folder
  if [ -e "$check/folder" ]; then folder=$check/folder; fi
  cd "$root/files/$(cat "$folder")" || exit 1
  if [ "$(head -c 2 "$check/run")" = '#!' ]; then
    chmod 700 "$check/run"
    "$root/checks/environment" "$check/run" >"$check/output" 2>&1 </dev/null
  else
    "$root/checks/environment" /bin/bash -euo pipefail "$check/run" >"$check/output" 2>&1 </dev/null
  fi
  code=$?
  output=$(cat "$check/output")
  verdict=ok
  if [ "$code" -ne "$(cat "$check/exit-code")" ]; then verdict='exit'
  elif [ -e "$check/contains" ] && [[ $output != *"$(cat "$check/contains")"* ]]; then verdict=contains
  elif [ -e "$check/equals" ] && [ "$(trimmed "$output")" != "$(trimmed "$(cat "$check/equals")")" ]; then verdict=equals
  elif [ -e "$check/matches" ] && ! grep -Eq -- "$(cat "$check/matches")" <<<"$output"; then verdict=matches
  fi
  if [ "$verdict" != ok ]; then
    tail -c ${OUTPUT_TAIL_BYTES} "$check/output"
    printf '\\n${MARKER} check=%d verdict=%s code=%d\\n' "$number" "$verdict" "$code"
    exit 0
  fi
done
printf '\\n${MARKER} check=%d verdict=ok code=0\\n' "$count"
`;

export interface ChecksEnd {
  /** 1-based number of the last check that ran. */
  readonly number: number;
  readonly verdict: CheckVerdict;
  readonly exitCode: number;
  readonly output: string;
}

/** Reads what `run-checks` printed last; undefined when it never came to its last line. */
export function readChecksEnd(text: string): ChecksEnd | undefined {
  const at = text.lastIndexOf(`\n${MARKER} check=`);
  const match = /check=(\d+) verdict=(ok|exit|contains|equals|matches) code=(\d+)/.exec(text.slice(at));
  if (at === -1 || match === null) return undefined;
  return {
    number: Number(match[1]),
    verdict: match[2] as CheckVerdict,
    exitCode: Number(match[3]),
    output: text.slice(0, at),
  };
}

/** What a verdict means, in words. */
export function explainVerdict(end: ChecksEnd, check: CheckFiles): string {
  switch (end.verdict) {
    case 'ok':
      return 'passed';
    case 'exit':
      return check.exitCode === 0 ? `exited ${end.exitCode}` : `exited ${end.exitCode}, expected ${check.exitCode}`;
    case 'contains':
      return `its output does not contain "${check.contains ?? ''}"`;
    case 'equals':
      return `its output is not "${check.equals ?? ''}"`;
    case 'matches':
      return `its output does not match /${check.matches ?? ''}/`;
  }
}

/** A template's check as the bundle carries it. */
export function filesOfCheck(check: Check, folder: string | undefined): CheckFiles {
  const { run, exitCode, contains, equals, matches } = check;
  return { run, folder, exitCode, contains, equals, matches };
}
