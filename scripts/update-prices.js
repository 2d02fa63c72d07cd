// node scripts/update-prices.js < zz_generated.pricing_aws.go: makes src/plan/on-demand-prices.ts of the list that
// karpenter-provider-aws makes of AWS's Price List (pkg/providers/pricing). Prices are facts; none of its code is used.
import { readFileSync, writeFileSync } from 'node:fs';
import { sizeFactor } from '../build/src/plan/size-factor.js';

/** A type whose price is off by less is left to its family. */
const TOLERANCE = 0.02;

const text = readFileSync(0, 'utf8');
const date = /generated at (\d{4}-\d\d-\d\d)T\S+ for us-east-1/.exec(text)?.[1];
if (date === undefined) throw new Error('this is not the list of us-east-1');
const prices = [...text.matchAll(/"([a-z0-9-]+)\.([a-z0-9-]+)":\s*([0-9.]+)/g)].map(([, family, size, usd]) => ({
  family,
  size,
  usd: Number(usd),
}));

const families = new Map();
for (const price of prices) families.set(price.family, [...(families.get(price.family) ?? []), price]);
const ofLarge = {};
const own = {};
for (const [family, types] of [...families].sort()) {
  const scaled = types.flatMap(({ size, usd }) => (sizeFactor(size) === undefined ? [] : [usd / sizeFactor(size)]));
  const large = scaled.sort((a, b) => a - b)[Math.floor(scaled.length / 2)];
  if (large !== undefined) ofLarge[family] = Number(large.toPrecision(5));
  for (const { size, usd } of types) {
    const expected = (large ?? 0) * (sizeFactor(size) ?? 0);
    if (Math.abs(expected - usd) / usd > TOLERANCE) own[`${family}.${size}`] = Number(usd.toPrecision(5));
  }
}
const table = (name, values, comment) =>
  `/** ${comment} */\nexport const ${name}: Readonly<Record<string, number>> = ${JSON.stringify(values)};\n`;
writeFileSync(
  new URL('../src/plan/on-demand-prices.ts', import.meta.url),
  `// Made by scripts/update-prices.js of AWS's Price List, as karpenter-provider-aws has it (zz_generated.pricing_aws.go).\n\n` +
    `export const PRICES_DATE = '${date}';\nexport const PRICES_REGION = 'us-east-1';\n\n` +
    table('USD_OF_LARGE', ofLarge, 'US dollars an hour for the size `large` of a family, Linux, on demand.') +
    '\n' +
    table('USD_OF_TYPE', own, 'Of types whose price does not follow from their size.'),
);
