import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.js';
import type { World } from '../world.js';

export interface TokenUse {
  /** Where the token counts: account, operation, Region or zone. */
  readonly scope: string;
  readonly token: string | undefined;
  /** Most characters. */
  readonly longest: number;
  readonly request: object;
}

/** Id of what the same request with the same token made before. @throws AwsError IdempotentParameterMismatch for another request, InvalidParameterValue. */
export function madeBefore(world: World, use: TokenUse): string | undefined {
  if ((use.token?.length ?? 0) > use.longest) {
    throw new AwsError('InvalidParameterValue', `Client token must be at most ${use.longest} characters long`);
  }
  const earlier = use.token === undefined ? undefined : world.state.clientTokens[keyOf(use)];
  if (earlier === undefined || earlier.request === digestOf(use.request)) return earlier?.reservationId;
  throw new AwsError(
    'IdempotentParameterMismatch',
    'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
  );
}

/** A token outlives what it made (`DEV:ec2-api-idempotency`). */
export function rememberToken(world: World, use: TokenUse, madeId: string): void {
  if (use.token === undefined) return;
  world.state.clientTokens[keyOf(use)] = { request: digestOf(use.request), reservationId: madeId };
  world.changed('clientTokens', keyOf(use));
}

function keyOf({ scope, token }: TokenUse): string {
  return `${scope} ${token}`;
}

function digestOf(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
