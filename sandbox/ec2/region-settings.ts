import type {
  DisableEbsEncryptionByDefaultResult,
  DisableImageBlockPublicAccessResult,
  EnableEbsEncryptionByDefaultResult,
  EnableImageBlockPublicAccessResult,
  GetEbsDefaultKmsKeyIdResult,
  GetEbsEncryptionByDefaultResult,
  GetImageBlockPublicAccessStateResult,
  ModifyEbsDefaultKmsKeyIdRequest,
  ModifyEbsDefaultKmsKeyIdResult,
  ResetEbsDefaultKmsKeyIdResult,
} from '@aws-sdk/client-ec2';
import type { RegionSettings } from '../state.js';
import type { Caller, Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { AWS_MANAGED_KEY_ALIAS, requireKey } from './encryption.js';

/** Of a new account: public images are blocked, volumes are not encrypted unless a launch says so. */
const NEW_ACCOUNT: RegionSettings = {
  encryptByDefault: false,
  defaultKmsKeyArn: undefined,
  blockPublicImages: true,
};

export function settingsOf(world: World, scope: Scope): RegionSettings {
  return world.state.settings[keyOf(scope)] ?? NEW_ACCOUNT;
}

export function getEbsEncryptionByDefault(
  world: World,
  _request: unknown,
  caller: Caller,
): GetEbsEncryptionByDefaultResult {
  const { encryptByDefault } = settingsOf(world, caller);
  return { EbsEncryptionByDefault: encryptByDefault, SseType: encryptByDefault ? 'sse-kms' : 'none' };
}

export function enableEbsEncryptionByDefault(
  world: World,
  _request: unknown,
  caller: Caller,
): EnableEbsEncryptionByDefaultResult {
  change(world, caller, { encryptByDefault: true });
  return { EbsEncryptionByDefault: true };
}

export function disableEbsEncryptionByDefault(
  world: World,
  _request: unknown,
  caller: Caller,
): DisableEbsEncryptionByDefaultResult {
  change(world, caller, { encryptByDefault: false });
  return { EbsEncryptionByDefault: false };
}

export function getEbsDefaultKmsKeyId(world: World, _request: unknown, caller: Caller): GetEbsDefaultKmsKeyIdResult {
  return { KmsKeyId: settingsOf(world, caller).defaultKmsKeyArn ?? AWS_MANAGED_KEY_ALIAS };
}

export function modifyEbsDefaultKmsKeyId(
  world: World,
  request: ModifyEbsDefaultKmsKeyIdRequest,
  caller: Caller,
): ModifyEbsDefaultKmsKeyIdResult {
  const KmsKeyId = requireKey(caller, request.KmsKeyId ?? '');
  change(world, caller, { defaultKmsKeyArn: KmsKeyId });
  return { KmsKeyId };
}

export function resetEbsDefaultKmsKeyId(
  world: World,
  _request: unknown,
  caller: Caller,
): ResetEbsDefaultKmsKeyIdResult {
  change(world, caller, { defaultKmsKeyArn: undefined });
  return { KmsKeyId: AWS_MANAGED_KEY_ALIAS };
}

export function getImageBlockPublicAccessState(
  world: World,
  _request: unknown,
  caller: Caller,
): GetImageBlockPublicAccessStateResult {
  const { blockPublicImages } = settingsOf(world, caller);
  return { ImageBlockPublicAccessState: blockPublicImages ? 'block-new-sharing' : 'unblocked', ManagedBy: 'account' };
}

export function enableImageBlockPublicAccess(
  world: World,
  _request: unknown,
  caller: Caller,
): EnableImageBlockPublicAccessResult {
  change(world, caller, { blockPublicImages: true });
  return { ImageBlockPublicAccessState: 'block-new-sharing' };
}

export function disableImageBlockPublicAccess(
  world: World,
  _request: unknown,
  caller: Caller,
): DisableImageBlockPublicAccessResult {
  change(world, caller, { blockPublicImages: false });
  return { ImageBlockPublicAccessState: 'unblocked' };
}

function change(world: World, scope: Scope, changed: Partial<RegionSettings>): void {
  world.state.settings[keyOf(scope)] = { ...settingsOf(world, scope), ...changed };
  world.changed('settings', keyOf(scope));
}

function keyOf({ account, region }: Scope): string {
  return `${account} ${region}`;
}
