import canonicalize from 'canonicalize';

// The package is CommonJS with `export default` types, which NodeNext reads one level too deep.
const serialize = canonicalize as unknown as (value: unknown) => string | undefined;

/** RFC 8785: keys in code-unit order, one spelling for every value. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error('only JSON values have a canonical form');
  return text;
}
