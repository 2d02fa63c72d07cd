import type { Architecture } from '../../template/layer.js';
import { MARKER } from './layout.js';

/** Where an image says what it is made of. */
export const MANIFEST_FOLDER = '/opt/ami-layers';
export const MANIFEST_PATH = `${MANIFEST_FOLDER}/manifest.json`;

/** Prints the manifest as one line, compressed: the first 24,000 characters of an answer are kept (SSM API reference). */
export const SHOW_MANIFEST = `[ ! -e ${MANIFEST_PATH} ] || echo "${MARKER} manifest $(gzip -9nc ${MANIFEST_PATH} | base64 -w 0)"`;

/** The compressed manifest of an answer; undefined when there is none. The agent marks what it has cut, in no base64. */
export function shownManifest(output: string): Buffer | 'cut' | undefined {
  const line = new RegExp(`^${MARKER} manifest (.+)$`, 'm').exec(output)?.[1];
  if (line === undefined) return undefined;
  return /^[A-Za-z0-9+/]+=*$/.test(line) ? Buffer.from(line, 'base64') : 'cut';
}

export interface ManifestLayer {
  readonly name: string;
  readonly version: string | undefined;
  readonly architecture: Architecture;
  readonly templateHash: string;
  /** The vendor image, for a root layer. */
  readonly base: string | undefined;
}

/**
 * Writes what the image is made of: its layers, the root first, and every package with its version. Sorted and without
 * times, so that the same packages give the same text. The layers below are those of the parent's manifest, which is on the
 * disk already. Packages of pip and conda are read from the files they leave: asking the tools takes a second each.
 */
export function manifestScript(layer: ManifestLayer): string {
  const line = JSON.stringify(layer);
  const mine = line.slice(0, line.indexOf(',') + 1);
  return `folder=${MANIFEST_FOLDER}
${PROGRAM}
mine=$(cat <<'LAYER'
    ${mine}
LAYER
)
layers=$(below; cat <<'LAYER'
    ${line}
LAYER
)
${WRITE}`;
}

// `\1` in the text itself would be an octal escape, which the bundle's minifier does not take even in a raw template.
const PROGRAM = String.raw`mkdir -p "$folder"
export LC_ALL=C

below() {
  [ -e "$folder/manifest.json" ] || return 0
  sed -n '/^  "layers": \[$/,/^  \]/s/^\(    {.*}\),*$/${'\\1'}/p' "$folder/manifest.json" | grep -vF -- "$mine" || true
}

system_packages() {
  if command -v dpkg-query >/dev/null; then
    dpkg-query -W -f '${'$'}{db:Status-Status}\tdeb\t${'$'}{Package}\t${'$'}{Version}\t${'$'}{Architecture}\n' | sed -n 's/^installed\t//p'
  elif command -v rpm >/dev/null; then
    rpm -qa --queryformat 'rpm\t%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\t%{ARCH}\n' | grep -v '^rpm.gpg-pubkey' || true
  fi
}

python_packages() {
  find /opt/python/lib /usr/local/lib -path '*-packages/*.dist-info/METADATA' -print0 2>/dev/null |
    xargs -0 -r awk 'FNR == 1 { name = ""; version = "" }
      name == "" && /^Name: / { name = $2; if (version != "") print "pip\t" name "\t" version "\t" }
      version == "" && /^Version: / { version = $2; if (name != "") print "pip\t" name "\t" version "\t" }'
}

conda_packages() {
  find /opt/conda/conda-meta -name '*.json' 2>/dev/null |
    sed -nE 's|^.*/([^/]+)-([^-/]+)-[^-/]+\.json$|conda\t${'\\1'}\t${'\\2'}\t|p'
}

spack_packages() {
  local spack
  spack=$(command -v spack || echo /opt/spack/bin/spack)
  [ -x "$spack" ] || return 0
  "$spack" find --format 'spack {name} {version} {architecture}' 2>/dev/null |
    awk 'NF == 4 && $1 == "spack" { print $1 "\t" $2 "\t" $3 "\t" $4 }' || true
}

packages() {
  { system_packages; python_packages || true; conda_packages || true; spack_packages; } | sort -u | awk -F '\t' '
    function quoted(text) { gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); gsub(/[[:cntrl:]]/, " ", text); return "\"" text "\"" }
    {
      architecture = $4 == "" ? "" : ",\"architecture\":" quoted($4)
      printf "%s    {\"type\":%s,\"name\":%s,\"version\":%s%s}", separator, quoted($1), quoted($2), quoted($3), architecture
      separator = ",\n"
    }
    END { if (NR > 0) print "" }'
}

system() {
  # shellcheck disable=SC1091
  if [ -e /etc/os-release ]; then . /etc/os-release; fi
  printf '{"id":"%s","version":"%s"}' "$(printf %s "${'$'}{ID:-}" | tr -cd 'A-Za-z0-9._-')" "$(printf %s "${'$'}{VERSION_ID:-}" | tr -cd 'A-Za-z0-9._-')"
}`;

const WRITE = String.raw`{
  printf '{\n  "format": 1,\n  "system": %s,\n' "$(system)"
  printf '  "layers": [\n%s\n  ],\n' "$(sed '$!s/$/,/' <<<"$layers")"
  printf '  "packages": [\n%s\n  ]\n}\n' "$(packages)"
} >"$folder/manifest.json.new"
mv "$folder/manifest.json.new" "$folder/manifest.json"
cat >"$folder/README.txt" <<'TEXT'
This disk was made by ami-layers, one layer on the other. manifest.json lists the layers, the root first, and every
package with its version as it was when the image was made. Nothing reads these files at run time.
TEXT
chmod 644 "$folder/manifest.json" "$folder/README.txt"
`;
