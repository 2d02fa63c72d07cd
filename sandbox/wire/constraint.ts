/** What a parameter has to be. */
export interface Constraint {
  /** Members from the request down, `*` for each item of a list: `Filters.*.Name`. */
  readonly path: string;
  readonly required?: true;
  /** Of a number its value, of a text its characters, of a list its items. */
  readonly min?: number;
  readonly max?: number;
  /** The whole text has to match. */
  readonly pattern?: string;
  readonly values?: readonly string[];
}

export type Rule =
  | { readonly kind: 'required' }
  | { readonly kind: 'least' | 'most'; readonly limit: number; readonly of: 'value' | 'length' }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'values'; readonly values: readonly string[] };

export interface Violation {
  /** The member's path with the item's number, from 1, for each `*`. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The list that the value is an item of; undefined: it is a member. */
  readonly list: readonly unknown[] | undefined;
  readonly rule: Rule;
}

/** Every way in which the request breaks its operation's constraints, in their order. */
export function findViolations(constraints: readonly Constraint[], request: unknown): readonly Violation[] {
  return constraints.flatMap((constraint) =>
    nodesAt({ path: [], value: request, list: undefined }, constraint.path.split('.')).flatMap((node) =>
      brokenRules(constraint, node.value).map((rule) => ({ ...node, rule })),
    ),
  );
}

type Node = Omit<Violation, 'rule'>;

function nodesAt(node: Node, [member, ...rest]: readonly string[]): readonly Node[] {
  const { path, value } = node;
  if (member === undefined) return [node];
  if (member === '*') {
    if (!Array.isArray(value)) return [];
    const list: readonly unknown[] = value;
    return list.flatMap((item, index) => nodesAt({ path: [...path, String(index + 1)], value: item, list }, rest));
  }
  if (typeof value !== 'object' || value === null) return [];
  const inside = (value as Readonly<Record<string, unknown>>)[member];
  return nodesAt({ path: [...path, member], value: inside, list: undefined }, rest);
}

function brokenRules(constraint: Constraint, value: unknown): readonly Rule[] {
  if (value === undefined) return constraint.required ? [{ kind: 'required' }] : [];
  const { min, max, pattern, values } = constraint;
  const broken: Rule[] = [];
  const size = typeof value === 'number' ? value : typeof value === 'string' || Array.isArray(value) ? value.length : 0;
  const of = typeof value === 'number' ? 'value' : 'length';
  if (min !== undefined && size < min) broken.push({ kind: 'least', limit: min, of });
  if (max !== undefined && size > max) broken.push({ kind: 'most', limit: max, of });
  if (typeof value !== 'string') return broken;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
    broken.push({ kind: 'pattern', pattern });
  if (values !== undefined && !values.includes(value)) broken.push({ kind: 'values', values });
  return broken;
}
