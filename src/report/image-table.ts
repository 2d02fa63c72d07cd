import type { ImageRecord } from '../images/image-record.js';
import { consoleTable } from './console-table.js';
import { formatAge, plural } from './durations.js';
import { shortHash } from './reasons.js';
import { safeLine } from './untrusted.js';

/** Images for the console, one line each. `now` in milliseconds since the epoch. */
export function renderImages(images: readonly ImageRecord[], now: number): readonly string[] {
  if (images.length === 0) return ['There are no images of this tool here.'];
  const rows = images.map((image) => [
    safeLine(image.layer),
    image.architecture,
    image.imageId,
    image.availability === 'available' ? image.buildState : `${image.buildState} (${image.availability})`,
    image.latest ? 'latest' : '',
    shortHash(image.templateHash),
    formatAge(now - Date.parse(image.created)),
    safeLine(image.name),
  ]);
  return [
    ...consoleTable(['LAYER', 'ARCHITECTURE', 'IMAGE', 'STATE', 'LATEST', 'HASH', 'AGE', 'NAME'], rows),
    '',
    plural(images.length, 'image'),
  ];
}
