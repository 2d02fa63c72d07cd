import type { BuilderStep } from '../build/run-steps.js';
import { quote } from '../build/software/quote.js';
import { endMark } from './end-mark.js';

/** A layer of the chain with what its builder would be given. */
export interface ExportedLayer {
  readonly name: string;
  /** The folder steps start in, from the repository root. */
  readonly folder: string;
  /** Shell text that exports the layer's variables. */
  readonly environment: string;
  readonly files: readonly ExportedFile[];
  readonly steps: readonly BuilderStep[];
}

export interface ExportedFile {
  /** Below the folder that stands for a bundle: `files/templates/lib/common.sh`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

export interface ExportedChain {
  /** `gromacs/x86_64` */
  readonly variant: string;
  /** What to launch it on: `al2023`. */
  readonly base: string;
  /** Where a builder has its bundle. */
  readonly root: string;
  /** The root layer first. */
  readonly layers: readonly ExportedLayer[];
}

/** The chain as one bash script for an instance of the base image, run once as root: what the builders do, in order. */
export function renderExport({ variant, base, root, layers }: ExportedChain): string {
  const names = layers.map(({ name }) => name).join(', ');
  return `#!/bin/bash
# ${variant} without its image: what the builders of these layers do, in order, on one instance: ${names}.
# User data for an instance of ${base.replaceAll('\n', ' ')}; runs as root, once. Made by ami-layers export.
set -euo pipefail
export HOME=/root USER=root LOGNAME=root
export PATH=\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
root=${root}
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"
chmod 700 "$root"

# file PATH MODE: writes what base64 on standard input says.
file() {
  mkdir -p "$root/$(dirname "$1")"
  base64 -d >"$root/$1"
  chmod "$2" "$root/$1"
}

# step NAME SECONDS: runs the script on standard input in the folder of the layer's template, with the layer's environment.
step() {
  cat >"$root/step"
  echo "ami-layers: $layer: $1"
  if [ "$(head -c 2 "$root/step")" = '#!' ]; then
    chmod 700 "$root/step"
    started "$2" env "$root/step"
  else
    started "$2" bash -euo pipefail "$root/step"
  fi || {
    echo "ami-layers: $layer: $1 failed" >&2
    exit 1
  }
}

# In a shell of its own: a variable of a layer may have the name of one of this script's.
started() (
  cd "$root/files/$folder" || exit 1
  set -- timeout --kill-after=30 "$@"
  environment
  exec "$@" </dev/null
)
${layers.map(renderLayer).join('')}
echo ${quote(`ami-layers: ${variant} is installed`)}
`;
}

function renderLayer({ name, folder, environment, files, steps }: ExportedLayer): string {
  return [
    `\n# ${name}\nlayer=${name} folder=${quote(folder)}\nmkdir -p "$root/files/$folder"\nenvironment() {\n  :\n${environment}}`,
    ...files.map(
      ({ path, content, mode }) =>
        `file ${quote(path)} ${mode.toString(8)} <<'END'\n${wrapped(Buffer.from(content).toString('base64'))}END\n`,
    ),
    ...steps.map((step) => {
      const end = endMark(step.script);
      const script = step.script.endsWith('\n') ? step.script : `${step.script}\n`;
      return `step ${quote(step.name)} ${step.timeoutSeconds} <<'${end}'\n${script}${end}\n`;
    }),
  ].join('\n');
}

function wrapped(base64: string): string {
  return base64.replace(/.{1,100}/g, '$&\n');
}
