import { quote, quoteAll } from '../../software/quote.js';
import { BUNDLE_ROOT, TEST_ROOT } from '../layout.js';
import { CREDENTIAL_FILES } from './credential-files.js';
import { GIT } from './credential-file.js';
import { INSTANCE_FILES } from './instance-files.js';
import {
  EXPECTED_KEYS,
  KEY_BEGINS,
  KEY_BLOCKS,
  KEY_BODY,
  OTHER_TREES,
  OWN_TREES,
  PACKAGE_FOLDERS,
  PACKAGE_PATHS,
  SOFTWARE_DEPTH,
  SOFTWARE_FOLDERS,
  SOFTWARE_TREES,
  SYSTEM_TREES,
  TOP_FOLDERS,
} from './private-keys.js';

/**
 * Shell functions for bash 4.2 and later: `find_credentials` prints a line for each credential and private key on the
 * disk, `find_left` for each file that the seal would have removed, `remove_instance_files` removes those.
 *
 * Homes are those of the accounts, wherever they are. Nothing in a path is ever split or run.
 *
 * @param allow paths of credentials that may stay; `*` is a wildcard.
 */
export function credentialFunctions(allow: readonly string[]): string {
  return `${functions(allow)}

find_credentials() {
  {
${CREDENTIAL_FILES.map(({ path, what, holds }) => `    refuse ${quoteAll([what, holds ?? '', path])}`).join('\n')}
    find_trees
    find_clones
    find_keys
  } | sort -u
}

# shellcheck disable=SC2329
find_left() {
  {
${INSTANCE_FILES.filter(({ isMadeAtBoot }) => !isMadeAtBoot)
  .map(({ path, what }) => `    refuse ${quoteAll([what, '', path])}`)
  .join('\n')}
  } | sort -u
}

remove_instance_files() {
${INSTANCE_FILES.map(({ path }) => `  remove ${quote(path)}`).join('\n')}
}`;
}

function functions(allow: readonly string[]): string {
  return `export LC_ALL=C
shopt -s nullglob dotglob extglob

for program in cat find grep rm sort stat tr; do
  command -v "$program" >/dev/null || { echo "the image has no $program, without which credentials cannot be looked for"; exit 1; }
done

allowed() {
  case $1 in
    ${[...allow.map(casePattern), '""'].join(' | ')}) return 0 ;;
  esac
  return 1
}

# The kernel's own file systems are no homes.
homes=()
declare -A is_home=()
add_home() {
  local home=\${1%/}
  case $home/ in /proc/* | /sys/* | /dev/* | /run/*) return 0 ;; esac
  if [ -n "\${is_home[$home/]:-}" ] || [ ! -d "$home/" ]; then return 0; fi
  is_home[$home/]=1
  homes+=("$home")
}
while IFS=: read -r _ _ _ _ _ home _; do
  case $home in /*) add_home "$home" ;; esac
done <<<"$(cat /etc/passwd; if command -v getent >/dev/null; then timeout 20 getent passwd; fi)"
for home in / /root /home/* /etc/skel; do add_home "$home"; done

# places <function> <path> <words>: calls the function with every file that the path means, and the words.
places() {
  local act=$1 pattern=$2 base path IFS=
  shift 2
  case $pattern in
    /*)
      # shellcheck disable=SC2086
      for path in $pattern; do "$act" "$path" "$@"; done
      ;;
    *)
      for base in "\${homes[@]}"; do
        # shellcheck disable=SC2086
        for path in "$base"/$pattern; do "$act" "$path" "$@"; done
      done
      ;;
  esac
}

refuse() { places refuse_file "$3" "$1" "$2"; }
# shellcheck disable=SC2329
refuse_file() {
  if [ ! -f "$1" ] || [ ! -s "$1" ] || allowed "$1"; then return 0; fi
  if [ -z "$3" ] || grep -aEq -e "$3" "$1" || { [[ $1 == *.json ]] && tr '\\n' ' ' <"$1" | grep -aEq -e "$3"; }; then tell "$1" "$2"; fi
}
tell() { printf '  %s (%s)\\n' "\${1//[[:cntrl:]]/?}" "$2"; }

remove() { places remove_file "$1"; }
# shellcheck disable=SC2329
remove_file() {
  if [ ! -e "$1" ] && [ ! -L "$1" ] || allowed "$1"; then return 0; fi
  rm -rf -- "$1"
}

# Of a network no image is made.
is_of_the_disk() {
  if [ ! -d "$1/" ]; then return 1; fi
  case $(stat -f -c %T "$1/") in nfs* | smb* | cifs | lustre | fuse* | ceph | gpfs | afs | 9p | proc | sysfs) return 1 ;; esac
}

own=() software=()
find_trees() {
  local tree disk
  for tree in ${OWN_TREES.join(' ')}; do
    if is_of_the_disk "$tree"; then own+=("$tree/"); fi
  done
  for tree in ${SOFTWARE_TREES.join(' ')}; do
    if is_of_the_disk "$tree"; then software+=("$tree/"); fi
  done
  # Folders that no system has: /data, /shared, /apps.
  disk=$(stat -c %d /)
  for tree in /*/; do
    tree=\${tree%/}
    case $tree in ${TOP_FOLDERS.join(' | ')}) continue ;; esac
    if [ -L "$tree" ] || [ "$(stat -c %d "$tree")" != "$disk" ] || ! is_of_the_disk "$tree"; then continue; fi
    software+=("$tree/")
  done
  for tree in "\${homes[@]}"; do
    case $tree/ in
      ${OWN_TREES.map((tree) => `${tree}/*`).join(' | ')}) continue ;;
      ${SOFTWARE_TREES.map((tree) => `${tree}/`).join(' | ')}) continue ;;
      ${SYSTEM_TREES.map((tree) => `${tree}/*`).join(' | ')} | / | /var/) continue ;;
    esac
    if ! is_of_the_disk "$tree"; then continue; fi
    case $tree/ in
      ${SOFTWARE_TREES.map((tree) => `${tree}/*`).join(' | ')}) software+=("$tree/") ;;
      *) own+=("$tree/") ;;
    esac
  done
}

# in_trees <what find does with each file>
in_trees() {
  find / -maxdepth 1 "$@"
  if [ "\${#own[@]}" -gt 0 ]; then
    find -H "\${own[@]}" -xdev ${pruned([...PACKAGE_FOLDERS])} "$@"
  fi
  if [ "\${#software[@]}" -gt 0 ]; then
    find -H "\${software[@]}" -maxdepth ${SOFTWARE_DEPTH} -xdev ${pruned([...PACKAGE_FOLDERS, ...SOFTWARE_FOLDERS])} "$@"
  fi
} 2>/dev/null

# A clone keeps the address it came from, with the token that was in it.
find_clones() {
  in_trees -type f -name config -path '*/.git/*' -print0 | while IFS= read -r -d '' path; do
    refuse_file "$path" 'a password of a git server' ${quote(GIT)}
  done
}

find_keys() {
  in_trees ${KEYS} | while IFS= read -r -d '' path; do
    if is_expected "$path" || allowed "$path" || is_as_packaged "$path"; then continue; fi
    if grep -aE -A 6 -e ${quote(KEY_BEGINS)} -- "$path" | grep -aEq -e ${quote(KEY_BODY)}; then tell "$path" 'a private key'; fi
  done
}

is_expected() {
  case $1 in
    ${EXPECTED_KEYS.map(({ path }) => casePattern(path)).join(' | ')}) return 0 ;;
  esac
  return 1
}

# The file of a package as the vendor made it, and not what a step wrote over it.
is_as_packaged() {
  local md5 sha256
  md5=$(md5sum "$1" 2>/dev/null | cut -c 1-32)
  sha256=$(sha256sum "$1" 2>/dev/null | cut -c 1-64)
  if [ -d /var/lib/dpkg/info ] && [ -n "$md5" ]; then
    if grep -qsF -e "$md5  \${1#/}" -- /var/lib/dpkg/info/*.md5sums; then return 0; fi
    if grep -qsF -e " $1 $md5" -- /var/lib/dpkg/status; then return 0; fi
  fi
  if command -v rpm >/dev/null && [ -n "$sha256" ]; then
    if rpm -q --dump -f "$1" 2>/dev/null | grep -qF -e " $sha256 "; then return 0; fi
  fi
  return 1
}`;
}

const KEYS = `-type f -size -${KEY_BLOCKS + 1} -exec grep -lIEZ -e ${quote(KEY_BEGINS)} {} +`;

/** What `find` does not go down into. */
function pruned(folders: readonly string[]): string {
  const names = folders.map((name) => `-name ${quote(name)}`);
  const paths = [...PACKAGE_PATHS, ...OTHER_TREES, BUNDLE_ROOT, TEST_ROOT].map((path) => `-path ${quote(path)}`);
  return `-type d '(' ${[...names, ...paths].join(' -o ')} ')' -prune -o`;
}

/** A shell pattern in which only `*` is one: `/root/.docker/*` → `'/root/.docker/'*`. */
function casePattern(path: string): string {
  return path.split('*').map(quote).join('*');
}
