import { lowerBound } from '../record-index.js';
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
  const byId = new Map(all.map((item) => [idOf(item), item]));
  return pageOfIds([...byId.keys()].sort(compare), request, (id) => byId.get(id), limits);
}

/** The same of a list whose ids are in order. Only as many are looked at as the page needs; `pick` says which belong to it. */
export function pageOfIds<Item>(
  ids: readonly string[],
  request: PageRequest,
  pick: (id: string) => Item | undefined,
  limits: PageLimits = EC2_LIMITS,
): Page<Item> {
  const { MaxResults: wanted = limits.usual ?? Number.POSITIVE_INFINITY, NextToken: token } = request;
  checkLength(request.MaxResults, limits);
  const after = token === undefined ? undefined : parseToken(token, limits.badToken);
  const items: Item[] = [];
  let last = '';
  // The first id after the token's is the first that is not before the token's and a character.
  for (let at = after === undefined ? 0 : lowerBound(ids, `${after}\0`); at < ids.length; at += 1) {
    const id = ids[at] ?? '';
    const item = pick(id);
    if (item === undefined) continue;
    if (items.length === wanted) return { items, NextToken: makeToken(last) };
    items.push(item);
    last = id;
  }
  return { items };
}

function checkLength(wanted: number | undefined, limits: PageLimits): void {
  if (wanted === undefined || (wanted >= limits.least && wanted <= limits.most)) return;
  throw new AwsError(
    limits === EC2_LIMITS ? 'InvalidParameterValue' : 'ValidationException',
    `Value ( ${wanted} ) for parameter maxResults is invalid. Expecting a value between ${limits.least} and ${limits.most}.`,
  );
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
