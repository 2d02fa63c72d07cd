import { createHash } from 'node:crypto';
import type { EbsBlockDevice } from '@aws-sdk/client-ec2';
import type { RegionSettings } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller, Scope } from '../wire/operation.js';

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

interface Encrypting {
  readonly snapshotKey: string | undefined;
  /** Whether the image is the caller's. */
  readonly isOwn: boolean;
  readonly settings: RegionSettings;
  readonly caller: Caller;
}

/**
 * The key of a volume that a launch makes. What was encrypted stays so; a launch may encrypt what was not, and the
 * account's setting does it always.
 */
export function chosenKey(
  { Encrypted, KmsKeyId }: Pick<EbsBlockDevice, 'Encrypted' | 'KmsKeyId'>,
  { snapshotKey, isOwn, settings, caller }: Encrypting,
): string | undefined {
  if (Encrypted === false && snapshotKey !== undefined) {
    throw new AwsError(
      'InvalidParameterDependency',
      'The parameter Encrypted cannot be false for an encrypted snapshot.',
    );
  }
  if (KmsKeyId !== undefined) {
    if (Encrypted === true) return requireKey(caller, KmsKeyId);
    throw new AwsError(
      'InvalidParameterDependency',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  const { encryptByDefault, defaultKmsKeyArn } = settings;
  if (snapshotKey !== undefined && isOwn) return snapshotKey;
  const isEncrypted = Encrypted === true || encryptByDefault || snapshotKey !== undefined;
  return isEncrypted ? (defaultKmsKeyArn ?? awsManagedKey(caller)) : undefined;
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
