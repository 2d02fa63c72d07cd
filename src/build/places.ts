import type { Market } from '../images/instance-record.js';
import type { PlanItem } from '../plan/build-plan.js';
import { architectureOfType } from '../template/instance-type.js';
import type { Architecture } from '../template/layer.js';
import type { Placement } from './context.js';

/** Small general-purpose types, the newest first; older ones for Regions and zones that lack it. */
export const DEFAULT_TYPES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['m7i.large', 'm6i.large', 'm5.large'],
  arm64: ['m7g.large', 'm6g.large'],
};
const GPU_TYPES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['g6.xlarge', 'g5.xlarge', 'g4dn.xlarge'],
  arm64: ['g5g.xlarge'],
};

/** Where nothing but the templates says what builders are. */
export const ANYWHERE: Placement = {
  instanceProfile: undefined,
  subnetIds: [],
  securityGroupIds: [],
  instanceType: undefined,
  spot: 'auto',
};

export interface Place {
  readonly instanceType: string;
  readonly subnetId: string | undefined;
  readonly market: Market;
}

/**
 * Every type in every subnet, in order of preference; where Spot is wanted all of them on Spot first. What is stated for
 * the layer may be of several architectures: a variant takes what fits it.
 */
export function placesOf(
  item: Pick<PlanItem, 'node' | 'architecture'>,
  role: 'builder' | 'test',
  placement: Placement,
): readonly Place[] {
  const { gpu, layer } = item.node;
  const { builder, validation } = layer;
  const fitting = (types: readonly (string | undefined)[]): readonly string[] | undefined => {
    const found = types
      .filter((type) => type !== undefined)
      .filter((type) => architectureOfType(type) === item.architecture);
    return found.length === 0 ? undefined : found;
  };
  const types =
    (role === 'test' ? fitting([validation.instanceType]) : undefined) ??
    fitting([placement.instanceType]) ??
    fitting(builder.instanceTypes) ??
    (gpu ? GPU_TYPES : DEFAULT_TYPES)[item.architecture];
  const subnets = placement.subnetIds.length > 0 ? placement.subnetIds : [undefined];
  return marketsOf(builder.spot, role, placement).flatMap((market) =>
    types.flatMap((instanceType) => subnets.map((subnetId) => ({ instanceType, subnetId, market }))),
  );
}

/** A test instance lives for minutes: an interruption would cost more than Spot saves. */
function marketsOf(stated: boolean, role: 'builder' | 'test', { spot }: Placement): readonly Market[] {
  const wanted = spot === 'auto' ? stated : spot === 'always';
  return wanted && role === 'builder' ? ['spot', 'on-demand'] : ['on-demand'];
}
