import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.js';
import type { HashInput } from './template-hash.js';

/** In no group: they are the same for every image that an explanation compares. */
const IDENTITY = ['format', 'name', 'architecture'];

/** Enough to tell two inputs of one layer apart; all groups together fit into the 256 characters of a tag. */
const DIGITS = 6;

/** What goes into a hash, in parts that people know by name: `packages`, `steps`, `parent`. Empty ones are left out. */
export function inputGroups({ software, ...input }: HashInput): ReadonlyMap<string, unknown> {
  const groups = Object.entries({ ...input, ...software });
  return new Map(groups.filter(([name, value]) => !IDENTITY.includes(name) && !isEmpty(value)));
}

/** `base=0a1b2c packages=3d4e5f`: a digest of each group, for the image's tag. */
export function digestGroups(input: HashInput): string {
  return [...inputGroups(input)].map(([name, value]) => `${name}=${digest(value)}`).join(' ');
}

/** Names of the groups that differ from those that an image carries. */
export function changedGroups(input: HashInput, carried: string): readonly string[] {
  const before = new Map(carried.split(' ').map((entry) => entry.split('=', 2) as [string, string | undefined]));
  const now = new Map([...inputGroups(input)].map(([name, value]) => [name, digest(value)]));
  return [...new Set([...now.keys(), ...before.keys()])].filter(
    (name) => name !== '' && now.get(name) !== before.get(name),
  );
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, DIGITS);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
