import { AwsError } from './aws-error.js';

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

export interface PageLimits {
  readonly least: number;
  readonly most: number;
  /** Page length without MaxResults; undefined: everything at once. */
  readonly usual?: number;
  /** The service's code for a token that is not one of its own. */
  readonly badToken: string;
}

const EC2_LIMITS: PageLimits = { least: 5, most: 1000, badToken: 'InvalidParameterValue' };

/**
 * One page of a list. The token is opaque to clients: here the id after which to go on, so that items which come or go
 * between two pages neither repeat nor hide others.
 *
 * @throws AwsError InvalidParameterValue for a MaxResults out of range, or the service's code for a foreign token.
 */
export function pageOf<Item>(
  all: readonly Item[],
  request: PageRequest,
  idOf: (item: Item) => string,
  limits: PageLimits = EC2_LIMITS,
): Page<Item> {
  const { MaxResults: wanted = limits.usual, NextToken: token } = request;
  if (wanted !== undefined && (wanted < limits.least || wanted > limits.most)) {
    throw new AwsError(
      limits === EC2_LIMITS ? 'InvalidParameterValue' : 'ValidationException',
      `Value ( ${wanted} ) for parameter maxResults is invalid. Expecting a value between ${limits.least} and ${limits.most}.`,
    );
  }
  const sorted = [...all].sort((a, b) => compare(idOf(a), idOf(b)));
  const after = token === undefined ? undefined : parseToken(token, limits.badToken);
  const rest = after === undefined ? sorted : sorted.filter((item) => compare(idOf(item), after) > 0);
  if (wanted === undefined || rest.length <= wanted) return { items: rest };
  const items = rest.slice(0, wanted);
  const last = items.at(-1);
  return last === undefined ? { items } : { items, NextToken: makeToken(idOf(last)) };
}

function makeToken(lastId: string): string {
  return Buffer.from(JSON.stringify({ after: lastId })).toString('base64url');
}

function parseToken(token: string, code: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null && 'after' in parsed && typeof parsed.after === 'string') {
      return parsed.after;
    }
  } catch {
    // Not JSON: refused below like any other foreign token.
  }
  throw new AwsError(code, `Invalid value '${token}' for nextToken.`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
