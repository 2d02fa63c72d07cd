import type { CreateVolumePermission, LaunchPermission as Item } from '@aws-sdk/client-ec2';
import type { LaunchPermission } from '../state.js';
import { AwsError } from '../wire/aws-error.js';

const ORGANIZATION = /^arn:aws[a-z-]*:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/;
const ORGANIZATIONAL_UNIT = /^arn:aws[a-z-]*:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9-]+$/;

/** The two ways in which a request says whom to add or to remove: nested, or flat with an operation (the older one). */
export interface PermissionChange {
  readonly nested: { readonly Add?: Item[] | undefined; readonly Remove?: Item[] | undefined } | undefined;
  readonly operation: string | undefined;
  readonly userIds: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  readonly organizations?: readonly string[] | undefined;
  readonly organizationalUnits?: readonly string[] | undefined;
}

export interface PermissionLists {
  readonly added: readonly LaunchPermission[];
  readonly removed: readonly LaunchPermission[];
}

/** @throws AwsError InvalidAMIAttributeItemValue, InvalidParameterCombination for an operation without items or the other way round. */
export function readPermissions(change: PermissionChange): PermissionLists {
  const flat = [
    ...(change.userIds ?? []).map((UserId) => ({ UserId })),
    ...(change.groups ?? []).map((Group) => ({ Group }) as Item),
    ...(change.organizations ?? []).map((OrganizationArn) => ({ OrganizationArn })),
    ...(change.organizationalUnits ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ].map(readItem);
  if (flat.length > 0 && change.operation === undefined) {
    throw new AwsError('InvalidParameterCombination', 'The parameter OperationType must be given with what it is for.');
  }
  const isAdded = change.operation === 'add';
  return {
    added: [...(change.nested?.Add ?? []).map(readItem), ...(isAdded ? flat : [])],
    removed: [...(change.nested?.Remove ?? []).map(readItem), ...(isAdded ? [] : flat)],
  };
}

/** What was there, without what is removed, and what is added once. */
export function applyPermissions<Permission extends LaunchPermission>(
  before: readonly Permission[],
  { added, removed }: { readonly added: readonly Permission[]; readonly removed: readonly Permission[] },
): readonly Permission[] {
  const gone = new Set([...removed, ...added].map(nameOf));
  const unique = new Map(added.map((permission) => [nameOf(permission), permission]));
  return [...before.filter((permission) => !gone.has(nameOf(permission))), ...unique.values()];
}

export function describePermission(permission: LaunchPermission): Item {
  switch (permission.kind) {
    case 'account':
      return { UserId: permission.account };
    case 'everybody':
      return { Group: 'all' };
    case 'organization':
      return { OrganizationArn: permission.arn };
    case 'organizational-unit':
      return { OrganizationalUnitArn: permission.arn };
  }
}

function readItem(item: Item & CreateVolumePermission): LaunchPermission {
  const { UserId, Group, OrganizationArn, OrganizationalUnitArn } = item;
  if (UserId !== undefined) {
    if (!/^\d{12}$/.test(UserId)) throw invalidItem(UserId, 'userId');
    return { kind: 'account', account: UserId };
  }
  if (OrganizationArn !== undefined) {
    if (!ORGANIZATION.test(OrganizationArn)) throw invalidItem(OrganizationArn, 'organizationArn');
    return { kind: 'organization', arn: OrganizationArn };
  }
  if (OrganizationalUnitArn !== undefined) {
    if (!ORGANIZATIONAL_UNIT.test(OrganizationalUnitArn))
      throw invalidItem(OrganizationalUnitArn, 'organizationalUnitArn');
    return { kind: 'organizational-unit', arn: OrganizationalUnitArn };
  }
  if (Group !== 'all') throw invalidItem(String(Group), 'userGroup');
  return { kind: 'everybody' };
}

function nameOf(permission: LaunchPermission): string {
  return Object.values(permission).join(' ');
}

function invalidItem(value: string, type: string): AwsError {
  return new AwsError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${value}" for ${type} item type.`);
}
