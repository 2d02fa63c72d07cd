import type { Layer, Publication } from '../template/layer.js';
import type { BuildPlan } from './build-plan.js';

/** What templates may say already and nothing acts on yet, each as its key. */
const RECORDED = {
  copyRegions: '`regions` after the first',
  share: '`share`',
  lifecycle: '`lifecycle`',
  auto: '`auto`',
  amiConfig: '`ami_config`',
} as const satisfies Record<keyof Publication, string>;

const MOST_NAMES = 5;

/** One warning for each kind of wish that the planned layers have and that nothing comes of. */
export function recordedSettings({ items }: BuildPlan): readonly string[] {
  const layers = [...new Map(items.map(({ node }) => [node.layer.name, node.layer])).values()];
  return [...unreadDescriptions(layers), ...recordedOnly(layers)];
}

function unreadDescriptions(layers: readonly Layer[]): readonly string[] {
  return layers.flatMap(({ name, parent }) =>
    parent.kind === 'base' && parent.unpinned !== undefined
      ? [
          `${parent.unpinned} (${name}) is not read: nothing says what it has to be; put #sha256= and its digest behind it`,
        ]
      : [],
  );
}

function recordedOnly(layers: readonly Layer[]): readonly string[] {
  return (Object.keys(RECORDED) as (keyof Publication)[]).flatMap((key) => {
    const names = layers.filter(({ publication }) => isStated(publication[key])).map(({ name }) => name);
    if (names.length === 0) return [];
    const more = names.length - MOST_NAMES;
    const who = `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return [`${RECORDED[key]} (${who}) is accepted and recorded, but this version does not act on it`];
  });
}

function isStated(value: Publication[keyof Publication]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
