import type { Sandbox } from '../../sandbox/start.js';
import { TAG_PREFIX } from '../../src/images/tags.js';

/** What must be the same after every trouble as without any. */
export interface LayerImage {
  readonly name: string;
  readonly layer: string;
  readonly templateHash: string;
  readonly state: string;
}

/** Every image that stands, in the order of their names. */
export async function readImages({ control }: Sandbox): Promise<readonly LayerImage[]> {
  return (await control.storage())
    .map(({ name, tags }) => ({
      name,
      layer: tags[`${TAG_PREFIX}layer`] ?? '',
      templateHash: tags[`${TAG_PREFIX}template-hash`] ?? '',
      state: tags[`${TAG_PREFIX}state`] ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
