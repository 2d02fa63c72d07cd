import type { Architecture } from '../template/layer.js';

/** EC2 allows 128 characters in an AMI name, its console 127 (CreateImage, EC2 API reference). */
const MAX_LENGTH = 127;

export interface ImageNameParts {
  readonly layer: string;
  readonly version: string | undefined;
  readonly architecture: Architecture;
  readonly templateHash: string;
  /** Names of images that carry the same hash already, whatever became of them: the new one comes after all of them. */
  readonly earlier: readonly string[];
  /** Names that somebody else's images have. */
  readonly taken: ReadonlySet<string>;
}

/**
 * `<layer>[-<version>]-<architecture>-<first 12 of hash>[-r<n>]`. Two runs that build the same hash get the same name,
 * so that EC2's unique names decide who publishes; `r<n>` is there only when the hash is built again.
 */
export function imageName({ layer, version, architecture, templateHash, earlier, taken }: ImageNameParts): string {
  const suffix = `-${architecture}-${templateHash.slice(0, 12)}`;
  const title = version === undefined ? layer : `${layer}-${version}`;
  const allowed = title.replace(/[^A-Za-z0-9._/-]/g, '-').slice(0, MAX_LENGTH - suffix.length - '-r9999'.length);
  let name = `${allowed}${suffix}`;
  for (const one of earlier.toSorted(byGeneration)) if (isNameOrLater(one, name)) name = nextImageName(one);
  while (taken.has(name)) name = nextImageName(name);
  return name;
}

/** The name to try when an image that is nothing to this run has this one. */
export function nextImageName(name: string): string {
  const { first, generation } = partsOf(name);
  return `${first}-r${generation + 1}`;
}

/** Whether a name is the planned one, or one that was taken because others had it. */
export function isNameOrLater(name: string, planned: string): boolean {
  const [own, other] = [partsOf(planned), partsOf(name)];
  return own.first === other.first && other.generation >= own.generation;
}

function byGeneration(one: string, other: string): number {
  return partsOf(one).generation - partsOf(other).generation;
}

/** A name without `-r<n>` is the first generation: what is before it ends in digits of a hash. */
function partsOf(name: string): { readonly first: string; readonly generation: number } {
  const [, first = name, generation = '1'] = /^(.*)-r(\d{1,6})$/.exec(name) ?? [];
  return { first, generation: Number(generation) };
}
