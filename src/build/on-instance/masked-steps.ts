/**
 * Functions of the runner: `read_secrets` takes the layer's secrets into its environment, and `run_step SCRIPT [SHELL…]`
 * runs a step, with `***` in the log for every line of a value, as it is and as `set -x`, `printf %q` or JSON writes it.
 *
 * A layer without secrets writes straight to the log. One with secrets writes through a pipe that sed reads; a daemon that a
 * step leaves behind may hold that open, so its end is awaited for three seconds only. The values reach sed by a pipe too:
 * they are never an argument or in a file.
 */
export const MASKED_STEPS = `masks=
read_secrets() {
  local assignments name line
  [ -e secrets/list ] || return 0
  if ! assignments=$(secrets/read 2>secrets/problem); then
    [ -s secrets/problem ] || echo "the secrets could not be read" >secrets/problem
    return 0
  fi
  eval "$assignments"
  : >secrets/problem
  masks=$(
    while IFS=$'\\t' read -r name _; do
      while IFS= read -r line; do [ -z "$line" ] || written_as "$line"; done < <(printf '%s\\n' "\${!name}")
    done <secrets/list |
      LC_ALL=C awk 'length > 0 { print length, $0 }' | sort -rn | cut -d ' ' -f 2- |
      LC_ALL=C sed -e 's/[][\\\\/.*^$]/\\\\&/g' -e 's/.*/s\\/&\\/***\\/g/'
  )
}

written_as() {
  local quote="'" escaped=\${1//\\\\/\\\\\\\\}
  printf '%s\\n' "$1" "\${1//$quote/$quote\\\\$quote$quote}" "\${escaped//\\"/\\\\\\"}"
  printf '%q\\n' "$1"
}

run_step() {
  local script=$1 code masker
  shift
  if [ -z "$masks" ]; then
    run_alone "$script" "$@" >>log 2>&1
    return
  fi
  rm -f output
  mkfifo -m 600 output
  LC_ALL=C stdbuf -oL sed -f <(printf '%s\\n' "$masks") <output >>log 9>&- &
  masker=$!
  run_alone "$script" "$@" >output 2>&1
  code=$?
  for _ in {1..30}; do
    kill -0 "$masker" 2>/dev/null || break
    sleep 0.1
  done
  return "$code"
}

run_alone() (
  script=$1
  shift
  cd "$root/files/$(cat "$root/folder")" || exit 1
  exec timeout --kill-after=30 "$(cat "$script.timeout")" "$@" "$script" 9>&- </dev/null
)`;
