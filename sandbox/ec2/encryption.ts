import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../wire/operation.js';

/** The key that AWS makes for every account, and that cannot be shared (`EBS:share-kms-key`). */
export const AWS_MANAGED_KEY_ALIAS = 'alias/aws/ebs';

const KEY_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const ALIAS = /^alias\/[a-zA-Z0-9/_-]+$/;
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(?:key\/(.+)|(alias\/.+))$/;

/**
 * The ARN of a key that is given by id, alias or ARN. Undefined: the account cannot use it. There is no KMS here, so every
 * well-formed key of the caller's own account and Region exists and can be used, and no other.
 */
export function findKey(scope: Scope, id: string): string | undefined {
  const arn = ARN.exec(id);
  if (arn !== null && (arn[1] !== scope.region || arn[2] !== scope.account)) return undefined;
  const name = arn === null ? id : (arn[3] ?? arn[4] ?? '');
  if (KEY_ID.test(name)) return keyArn(scope, name);
  return ALIAS.test(name) ? keyArn(scope, keyIdOfAlias(scope, name)) : undefined;
}

/** @throws AwsError InvalidParameterValue. */
export function requireKey(scope: Scope, id: string): string {
  const arn = findKey(scope, id);
  if (arn === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${id}' for KmsKeyId.`);
  return arn;
}

export function awsManagedKey(scope: Scope): string {
  return keyArn(scope, keyIdOfAlias(scope, AWS_MANAGED_KEY_ALIAS));
}

function keyArn({ region, account }: Scope, id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

/** The same id each time for the same alias. */
function keyIdOfAlias({ region, account }: Scope, alias: string): string {
  const hex = createHash('sha256').update(`${account} ${region} ${alias}`).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
