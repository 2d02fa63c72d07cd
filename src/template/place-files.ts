import { posix } from 'node:path';
import type { FoundInputs, LayerFiles } from './layer-files.js';
import type { InputFile, PlacedFile } from './layer.js';
import type { Draft } from './parse-template.js';
import type { Template } from './schema.js';

/** The files that `files` names, each at its place, and the glob patterns they were found by. */
export function placeFiles(
  { template, tree }: Draft,
  files: LayerFiles,
): { readonly files: readonly PlacedFile[]; readonly globs: readonly string[] } {
  const globs: string[] = [];
  const byDestination = new Map<string, PlacedFile>();
  for (const [index, entry] of template.files.entries()) {
    const span = tree.spanOf(['files', index, 'source']);
    const found = files.readInputs({ templatePath: tree.source.path, written: entry.source, span });
    if (found === undefined) continue;
    globs.push(found.glob);
    for (const file of found.files) {
      const placed = placeFile(file, entry, found.folder);
      byDestination.set(placed.destination, placed);
    }
  }
  return { files: [...byDestination.values()].sort(byCodeUnit), globs };
}

function placeFile(file: InputFile, entry: Template['files'][number], folder: FoundInputs['folder']): PlacedFile {
  const { path, sha256, executable } = file;
  const { destination, mode = executable ? '755' : '644', owner } = entry;
  const isFolder = folder !== undefined || destination.endsWith('/');
  const name = folder !== undefined ? posix.relative(folder, path) : posix.basename(path);
  return {
    path,
    sha256,
    destination: posix.normalize(isFolder ? posix.join(destination, name) : destination),
    mode: mode.padStart(4, '0'),
    owner,
  };
}

function byCodeUnit(a: PlacedFile, b: PlacedFile): number {
  return a.destination < b.destination ? -1 : 1;
}
