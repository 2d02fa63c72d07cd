import { ASIDE, DONE_MARK, MARKER } from './layout.js';
import { MANIFEST_PATH } from './manifest.js';
import { MASKED_STEPS } from './masked-steps.js';

/** So much of the log outlives the seal, for whoever is behind with reading. */
const KEPT_LOG_BYTES = 65_536;

/** Of an answer as a whole: head, events and log. */
const ANSWER_BYTES = 2_400;

/** How long a runner waits for its lock: whoever polls holds it for a moment. */
const LOCK_SECONDS = 5;

/** What it takes to list every package, and more. */
const MANIFEST_SECONDS = 300;

/**
 * The program on an instance that runs the steps of its bundle one after another, seals the disk where the bundle says
 * so, and tells how far it is.
 *
 * `runner start` begins, or does nothing when it has begun: it may be sent again, by another run too. The work goes on in
 * a session of its own, so it outlives the command that started it, an agent that restarts (its unit has
 * KillMode=process), and whoever watches. What happened is in two files that only grow: `events`, a line per event, and
 * `log`, all output. A disk that bears this layer's mark has had the steps: then only the seal is done again.
 *
 * The agent gives commands no HOME, runs them with sh and without `set -e`, and takes the exit codes 194 and 137 for
 * messages to itself (amazon-ssm-agent, runscript and pluginutil_unix.go): none of that reaches the steps, or comes
 * from them.
 *
 * `runner poll <log offset> <events seen>` prints what is new since then, small enough for a list of invocations, in
 * which the agent leaves 2,478 bytes of each (amazon-ssm-agent, iohandler.go). After a reboot that a step asked for, it is
 * also what makes the work go on.
 */
export const RUNNER = `#!/bin/bash
set -u
root=$(cd "$(dirname "$0")" && pwd)
aside=${ASIDE}
mark=${DONE_MARK}
cd "$root" || exit 1

${MASKED_STEPS}

note() { echo "$1 $(($(cat base 2>/dev/null || echo 0) + $(wc -c <log))) $(date +%s%3N)\${2:+ $2}" >>events; }
boot_id() { cat /proc/sys/kernel/random/boot_id; }

# The timer of the user data does not outlive a reboot or a stop.
arm_timer() {
  [ -s deadline ] || return 0
  minutes=$((($(cat deadline) - $(date +%s)) / 60))
  shutdown -h "+$((minutes > 0 ? minutes : 1))" >/dev/null 2>&1
}

# A manifest that cannot be written costs no build; the parent's would be wrong.
write_manifest() {
  timeout -k 5 ${MANIFEST_SECONDS} bash -euo pipefail manifest >>log 2>&1 </dev/null && return
  rm -f ${MANIFEST_PATH}
  echo 'the manifest could not be written' >>log
}

seal_disk() {
  write_manifest
  mkdir -p "$(dirname "$mark")"
  cp template-hash "$mark"
  note 'sealing 0'
  rm -rf "$aside"
  mkdir -m 700 "$aside"
  tail -c ${KEPT_LOG_BYTES} log >"$aside/log"
  echo $(($(wc -c <log) - $(wc -c <"$aside/log"))) >"$aside/base"
  cp runner seal "$aside/"
  exec 8>"$aside/lock"
  flock 8
  cp events "$aside/.events"
  mv "$aside/.events" "$aside/events"
  cd "$aside" || exit 1
  ./seal >>log 2>&1 </dev/null 8>&- 9>&-
  note "sealed 0 $?"
}

work() {
  exec 9>"$root/lock"
  flock -w ${LOCK_SECONDS} 9 || exit 0
  touch events log
  # On its way down: what was asked for before is done first.
  [ "$(tail -n 1 events | grep '^reboot ' | sed 's/.* //')" != "$(boot_id)" ] || exit 0
  export HOME=/root USER=root LOGNAME=root
  export PATH=\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
  # Steps make files for everybody, as in a login shell; those of the bundle are in a folder of root's.
  umask 022
  arm_timer
  environment=()
  if [ -e environment ]; then environment=("$root/environment"); fi
  read_secrets
  count=$(cat steps/count)
  number=$(($(grep -c '^end [0-9]* 0 ' events) + 1))
  if [ -e seal ] && cmp -s template-hash "$mark"; then number=$((count + 1)); fi
  if grep -q "^start $number " events; then
    grep -q "^end $number " events || note "lost $number"
    exit 0
  fi
  while [ "$number" -le "$count" ]; do
    script=$root/steps/$number
    note "start $number"
    shell=(/bin/bash -euo pipefail)
    if [ "$(head -c 2 "$script")" = '#!' ]; then chmod 700 "$script"; shell=(); fi
    # bash 4.2 (Amazon Linux 2) calls an empty array unbound.
    run_step "$script" \${shell[@]+"\${shell[@]}"}
    code=$?
    note "end $number $code"
    [ "$code" -eq 0 ] || exit 0
    if [ -e "steps/$number.reboot" ]; then
      note "reboot $number" "$(boot_id)"
      sync
      shutdown -r now
      exit 0
    fi
    number=$((number + 1))
  done
  if [ -e seal ]; then seal_disk; fi
}

poll() {
  if [ "$root" != "$aside" ] && [ -e "$aside/events" ]; then exec "$aside/runner" poll "$@"; fi
  last=$(tail -n 1 events 2>/dev/null)
  case $last in
    'reboot '*) [ "\${last##* }" = "$(boot_id)" ] || "$root/runner" start ;;
  esac
  base=$(cat base 2>/dev/null || echo 0)
  bytes=$((base + $(wc -c 2>/dev/null <log || echo 0)))
  from=$(($1 > base ? $1 : base))
  alive=1
  exec 9>"$root/lock"
  if flock -n 9; then alive=0; fi
  head="${MARKER} alive=$alive bytes=$bytes from=$from"
  news=$(tail -n "+$(($2 + 1))" events 2>/dev/null | head -n 20)
  printf '%s\\n' "$head" \${news:+"$news"}
  room=$((${ANSWER_BYTES} - \${#head} - \${#news}))
  for size in 12288 6144 3072 1200 600 300; do
    chunk=$(tail -c "+$((from - base + 1))" log 2>/dev/null | head -c "$size" | gzip -9 | base64 -w 0)
    if [ "\${#chunk}" -le "$room" ]; then break; fi
  done
  echo "log $size $chunk"
}

case $1 in
  start) setsid -f "$root/runner" work >/dev/null 2>&1 </dev/null ;;
  work) work ;;
  poll) poll "$2" "$3" ;;
esac
`;
