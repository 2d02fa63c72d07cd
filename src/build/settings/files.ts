import type { PlacedFile } from '../../template/layer.js';
import { BUNDLE_ROOT } from '../on-instance/layout.js';
import { quote } from '../software/quote.js';

/** Where the bundle has a file's content: by its digest, so that equal files travel once. */
export function placedPath({ sha256 }: PlacedFile): string {
  return `placed/${sha256}`;
}

/** Puts files of the repository in their places. The owner comes before the mode: chown takes set-id bits away. */
export function filesScript(files: readonly PlacedFile[]): string {
  return [
    `place() {
  install -D --mode 0600 "${BUNDLE_ROOT}/$1" "$4"
  chown "$3" "$4"
  chmod "$2" "$4"
  echo "$4"
}`,
    files
      .map((file) => `place ${placedPath(file)} ${file.mode} ${ownerOf(file)} ${quote(file.destination)}`)
      .join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** `alice:` is alice and the group of her own; a number may stand for nobody who has one. */
function ownerOf({ owner }: PlacedFile): string {
  return owner.includes(':') || /^\d/.test(owner) ? owner : `${owner}:`;
}
