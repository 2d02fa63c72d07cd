import { BUNDLE_ROOT, MARKER } from './layout.js';
import { MASKED_STEPS } from './masked-steps.js';

/**
 * The program on the builder that runs the steps of the bundle one after another, and tells how far it is.
 *
 * `runner start` begins, or does nothing when it has begun: it may be sent again. The work goes on in a session of its
 * own, so it outlives the command that started it, an agent that restarts (its unit has KillMode=process), and whoever
 * watches. What happened is in two files that only grow: `events`, a line per event, and `log`, all output.
 *
 * The agent gives commands no HOME, runs them with sh and without `set -e`, and takes the exit codes 194 and 137 for
 * messages to itself (amazon-ssm-agent, runscript and pluginutil_unix.go): none of that reaches the steps, or comes
 * from them.
 *
 * `runner poll <log offset> <events seen>` prints what is new since then, small enough for a list of invocations, which
 * shows 2,500 characters of each (SSM API reference, CommandPlugin.Output).
 */
export const RUNNER = `#!/bin/bash
set -u
root=${BUNDLE_ROOT}
cd "$root" || exit 1

${MASKED_STEPS}

work() {
  exec 9>"$root/lock"
  # Whoever polls holds it for a moment; another runner holds it for as long as it works.
  flock -w 5 9 || exit 0
  touch events log
  export HOME=/root USER=root LOGNAME=root
  export PATH=\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
  . "$root/environment"
  read_secrets
  count=$(cat steps/count)
  number=$(($(grep -c '^end [0-9]* 0 ' events) + 1))
  if grep -q "^start $number " events; then
    grep -q "^end $number " events || echo "lost $number $(wc -c <log) $(date +%s%3N)" >>events
    exit 0
  fi
  while [ "$number" -le "$count" ]; do
    script=$root/steps/$number
    echo "start $number $(wc -c <log) $(date +%s%3N)" >>events
    shell=(bash -euo pipefail)
    if [ "$(head -c 2 "$script")" = '#!' ]; then chmod 700 "$script"; shell=(); fi
    # bash 4.2 (Amazon Linux 2) calls an empty array unbound.
    run_step "$script" \${shell[@]+"\${shell[@]}"}
    code=$?
    echo "end $number $code $(wc -c <log) $(date +%s%3N)" >>events
    [ "$code" -eq 0 ] || exit 0
    number=$((number + 1))
  done
}

poll() {
  bytes=$(wc -c 2>/dev/null <log || echo 0)
  alive=1
  exec 9>"$root/lock"
  if flock -n 9; then alive=0; fi
  echo "${MARKER} alive=$alive bytes=$bytes"
  tail -n "+$(($2 + 1))" events 2>/dev/null | head -n 20
  for size in 12288 6144 3072 1200; do
    chunk=$(tail -c "+$(($1 + 1))" log 2>/dev/null | head -c "$size" | gzip -9 | base64 -w 0)
    if [ "\${#chunk}" -le 1700 ]; then break; fi
  done
  echo "log $size $chunk"
}

case $1 in
  start) setsid -f "$root/runner" work >/dev/null 2>&1 </dev/null ;;
  work) work ;;
  poll) poll "$2" "$3" ;;
esac
`;
