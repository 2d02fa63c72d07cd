/** Something this machine does not have, and why. */
export interface Missing {
  readonly missing: string;
}

export function isMissing(value: object | string): value is Missing {
  return typeof value === 'object' && 'missing' in value;
}
