import type { User } from '../../template/layer.js';
import { quote, quoteAll } from '../software/quote.js';

/** Makes users and groups, or changes those that are there to what is asked for. Can be run twice. */
export function usersScript(users: readonly User[]): string {
  return [FUNCTIONS, ...users.map(lineOf)].join('\n\n').concat('\n');
}

function lineOf({ name, uid, gid, groups, shell, home }: User): string {
  const options = [
    ...(uid === undefined ? [] : ['--uid', String(uid)]),
    ...(shell === undefined ? [] : ['--shell', shell]),
    ...(home === undefined ? [] : ['--home', home]),
  ];
  return [
    ...groups.map((group) => `ensure_group ${quote(group)}`),
    `ensure_user ${quote(name)} '${gid ?? ''}' ${quoteAll(options)}`.trimEnd(),
    ...(groups.length === 0 ? [] : [`usermod --append --groups ${quote(groups.join(','))} ${quote(name)}`]),
  ].join('\n');
}

/** A primary group by number is the one that has it already, else a new one with the user's name. */
const FUNCTIONS = String.raw`ensure_group() {
  getent group "$1" >/dev/null || groupadd "$1"
}

ensure_user() {
  local name=$1 gid=$2 group=$1
  shift 2
  if [ -n "$gid" ] && getent group "$gid" >/dev/null; then
    group=$gid
  elif [ -n "$gid" ] && getent group "$name" >/dev/null; then
    groupmod --gid "$gid" "$name"
  elif [ -n "$gid" ]; then
    groupadd --gid "$gid" "$name"
  else
    ensure_group "$name"
  fi
  if getent passwd "$name" >/dev/null; then
    usermod --gid "$group" "$@" "$name"
  else
    useradd --create-home --gid "$group" "$@" "$name"
  fi
  id "$name"
}`;
