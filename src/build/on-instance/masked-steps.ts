import { FEWEST_ENCODED_BYTES } from '../../lib/written-forms.js';

/** Longer values and lines are masked as they are only: SSM's usual parameters end here, and sed takes no pattern of any size. */
const MOST_ENCODED_BYTES = 4_096;

/** Shorter lines of a longer value say nothing, and stand in any log: `{` of a secret that is JSON. */
const SHORTEST_LINE = 4;

/**
 * Functions of the runner: `read_secrets` takes the layer's secrets into its environment, and `run_step SCRIPT [SHELL…]`
 * runs a step, with `***` in the log for every line of a value, as it is and as `set -x`, `printf %q` or JSON writes it, and
 * for all of it and every line in base64, in hexadecimal and as in addresses and forms: the forms of lib/written-forms.ts,
 * and those that base64, OpenSSL and xxd break into lines. Bash, coreutils, awk and sed are on every image.
 *
 * A layer without secrets writes straight to the log. One with secrets writes through a pipe that sed reads; a daemon that a
 * step leaves behind may hold that open, so its end is awaited for three seconds only. The values reach sed by a pipe too:
 * they are never an argument or in a file.
 */
export const MASKED_STEPS = `masks=
read_secrets() {
  local assignments name value line
  [ -e secrets/list ] || return 0
  if ! assignments=$(secrets/environment secrets/read 2>secrets/problem); then
    [ -s secrets/problem ] || echo "the secrets could not be read" >secrets/problem
    return 0
  fi
  eval "$assignments"
  : >secrets/problem
  masks=$(
    while IFS=$'\\t' read -r name _; do
      value=\${!name}
      encoded_as "$value"
      while IFS= read -r line; do
        if [ "$line" != "$value" ]; then encoded_as "$line"; fi
        if [ "\${#line}" -ge ${SHORTEST_LINE} ] || [ "$line" = "\${value%$'\\n'}" ]; then written_as "$line"; fi
      done < <(printf '%s\\n' "$value")
    done <secrets/list |
      LC_ALL=C sort -u |
      LC_ALL=C awk 'length > 0 { print length, $0 }' | sort -rn | cut -d ' ' -f 2- |
      LC_ALL=C sed -e 's/[][\\\\/.*^$]/\\\\&/g' -e 's/.*/s\\/&\\/***\\/g/'
  )
}

written_as() {
  local quote="'" escaped=\${1//\\\\/\\\\\\\\}
  printf '%s\\n' "$1" "\${1//$quote/$quote\\\\$quote$quote}" "\${escaped//\\"/\\\\\\"}"
  printf '%q\\n' "$1"
}

encoded_as() (
  export LC_ALL=C
  value=$1
  size=\${#value}
  [ "$size" -ge ${FEWEST_ENCODED_BYTES} ] && [ "$size" -le ${MOST_ENCODED_BYTES} ] || exit 0
  for before in '' x xx; do
    digits=$(printf %s "$before$value" | base64 -w 0)
    from=$(((\${#before} * 8 + 5) / 6))
    digits=\${digits:from:(\${#before} + size) * 8 / 6 - from}
    printf '%s\\n' "$digits" "$(printf %s "$digits" | tr '+/' '-_')"
  done
  hex=$(printf %s "$value" | od -An -v -tx1 | tr -d ' \\n')
  for width in 64 76; do printf %s "$value" | base64 -w "$width"; done | awk 'length >= 8'
  printf '%s\\n' "$hex" | fold -w 60 | awk 'length >= 8'
  printf '%s\\n' "$hex" | awk -v quote="'" '
    function coded(kept, small,    at, pair, character, text) {
      for (at = 1; at < length($0); at += 2) {
        pair = substr($0, at, 2)
        character = plain[pair]
        if (index(kept, "+") && pair == "20") text = text "+"
        else if (pair != "2b" && index(LETTERS kept, character)) text = text character
        else text = text "%" (small ? pair : toupper(pair))
      }
      return text
    }
    BEGIN {
      for (at = 1; at < 256; at++) plain[sprintf("%02x", at)] = sprintf("%c", at)
      LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
      count = split("!~*()" quote " ~ ~/ *+", kinds, " ")
    }
    {
      print
      print toupper($0)
      for (kind = 1; kind <= count; kind++) { print coded(kinds[kind], 0); print coded(kinds[kind], 1) }
    }'
)

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
  set -- timeout --kill-after=30 "$(cat "$script.timeout")" \${environment[@]+"\${environment[@]}"} "$@" "$script"
  exec "$@" 9>&- </dev/null
)`;
