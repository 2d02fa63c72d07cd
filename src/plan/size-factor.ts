const SMALL: Readonly<Record<string, number>> = { nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1 };

/**
 * How many times a `large` a size is; undefined for one that is not known (`metal`). Prices follow it (EC2 User Guide,
 * "How Reserved Instances are applied": normalization factors).
 */
export function sizeFactor(size: string): number | undefined {
  if (size in SMALL) return SMALL[size];
  const [, count] = /^(\d*)xlarge$/.exec(size) ?? [];
  return count === undefined ? undefined : 2 * Number(count === '' ? 1 : count);
}
