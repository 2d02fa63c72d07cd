import type { Architecture } from '../template/layer.js';

/** EC2 allows 128 characters in an AMI name, its console 127 (CreateImage, EC2 API reference). */
const MAX_LENGTH = 127;

export interface ImageNameParts {
  readonly layer: string;
  readonly version: string | undefined;
  readonly architecture: Architecture;
  readonly templateHash: string;
  /** Names of images that carry the same hash already, whatever became of them. */
  readonly taken: ReadonlySet<string>;
}

/**
 * `<layer>[-<version>]-<architecture>-<first 12 of hash>[-r<n>]`. Two runs that build the same hash get the same name,
 * so that EC2's unique names decide who publishes; `r<n>` is there only when the hash is built again.
 */
export function imageName({ layer, version, architecture, templateHash, taken }: ImageNameParts): string {
  const suffix = `-${architecture}-${templateHash.slice(0, 12)}`;
  const title = version === undefined ? layer : `${layer}-${version}`;
  const allowed = title.replace(/[^A-Za-z0-9._/-]/g, '-').slice(0, MAX_LENGTH - suffix.length - '-r9999'.length);
  const first = `${allowed}${suffix}`;
  if (!taken.has(first)) return first;
  let generation = 2;
  while (taken.has(`${first}-r${generation}`)) generation += 1;
  return `${first}-r${generation}`;
}
