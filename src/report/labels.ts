import type { BuildPlan, PlanItem, VariantKey } from '../plan/build-plan.js';

/** What a variant is called in this report. */
export type LabelOf = (key: VariantKey) => string;

/** Only the layer's name while every layer has one architecture, else `layer (arm64)`. */
export function makeLabels(plan: BuildPlan): LabelOf {
  const several = plan.items.some((item) => item.node.architectures.length > 1);
  const labels = new Map(plan.items.map((item) => [item.key, several ? variantLabel(item) : item.node.layer.name]));
  return (key) => labels.get(key) ?? key;
}

function variantLabel({ node, architecture }: PlanItem): string {
  return `${node.layer.name} (${architecture})`;
}
