import type { PlanItem } from '../plan/build-plan.js';
import type { Placement } from './context.js';
import { placesOf } from './places.js';

/** A stopped builder whose disk an image is being made of, for a child to go on with. */
export interface ChainLink {
  readonly parent: PlanItem;
  readonly imageId: string;
  readonly instanceId: string;
  readonly instanceType: string;
}

/** One whose end the layer that goes on with it has registered. */
export interface HeldLink extends ChainLink {
  readonly letGo: () => void;
}

/** Whether a layer that is to be built would get the builder that its parent has, had it to launch one. */
export function canChain(item: PlanItem, { parent, instanceType }: ChainLink, placement: Placement): boolean {
  const { builder } = item.node.layer;
  const had = parent.node.layer.builder;
  return (
    item.action.kind === 'build' &&
    item.parent === parent.key &&
    placesOf(item, 'builder', placement).some(
      (place) => place.market === 'on-demand' && place.instanceType === instanceType,
    ) &&
    isAsBefore(builder.volumeGb, had.volumeGb) &&
    isAsBefore(builder.volumeIops, had.volumeIops) &&
    isAsBefore(builder.volumeThroughput, had.volumeThroughput) &&
    JSON.stringify(item.node.encryption) === JSON.stringify(parent.node.encryption)
  );
}

function isAsBefore(wanted: number | undefined, had: number | undefined): boolean {
  return wanted === undefined || wanted === had;
}
