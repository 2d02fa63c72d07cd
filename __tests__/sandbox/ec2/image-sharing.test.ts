import {
  CopyImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DisableImageBlockPublicAccessCommand,
  EnableImageBlockPublicAccessCommand,
  GetImageBlockPublicAccessStateCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  ResetImageAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT_ID } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { accountClient, refusalOf } from '../support/account-client.js';
import { assumeRole } from '../support/assume-role.js';
import { credentialsOf, type Credentials } from '../support/credentials-of.js';
import { openSession, until } from '../support/session.js';
import { buildImage, registerImage, stateOf, type StoredImage } from '../support/stored-image.js';

const OTHER = '210987654321';
const THIRD = '333333333333';

let directory: string;
let sandbox: Sandbox;
let owner: EC2Client;
let other: EC2Client;
let stored: StoredImage;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sharing-'));
  sandbox = await startSandbox({ directory });
  owner = accountClient(sandbox, ACCOUNT_ID);
  other = accountClient(sandbox, OTHER);
  stored = await buildImage(sandbox, { name: 'shared', commands: ['echo theirs >/var/theirs'] });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const share = (imageId: string, ...Add: object[]): Promise<unknown> =>
  owner.send(new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission: { Add } }));

const permissionsOf = async (imageId: string): Promise<unknown> => {
  const request = { ImageId: imageId, Attribute: 'launchPermission' as const };
  return (await owner.send(new DescribeImageAttributeCommand(request))).LaunchPermissions;
};

const listed = async (ec2: EC2Client, request: object): Promise<(string | undefined)[]> =>
  ((await ec2.send(new DescribeImagesCommand(request))).Images ?? []).map(({ Name }) => Name);

test('Every account has one access key, whose 12 digits after AKIA say which; that of a role begins with ASIA.', async () => {
  const accountOf = async (credentials: Credentials): Promise<string | undefined> => {
    const sts = new STSClient({ endpoint: sandbox.endpoint, region: 'us-west-2', credentials });
    return (await sts.send(new GetCallerIdentityCommand({}))).Account;
  };
  const key = await sandbox.control.accessKey(OTHER);
  const role = await assumeRole(sandbox, `arn:aws:iam::${OTHER}:role/builder`);
  expect([key.accessKeyId, role.accessKeyId]).toEqual([
    expect.stringMatching(new RegExp(`^AKIA${OTHER}[0-9A-F]{4}$`)),
    expect.stringContaining(`ASIA${OTHER}`),
  ]);
  expect([await accountOf(key), await accountOf(role), await accountOf(credentialsOf(sandbox))]).toEqual([
    OTHER,
    OTHER,
    ACCOUNT_ID,
  ]);
});

test('An image and its snapshot are unknown to other accounts until they are shared.', async () => {
  const image = await registerImage(owner, stored.snapshotId, { Name: 'private' });
  expect({
    byId: await refusalOf(stateOf(other, image)),
    listed: await listed(other, { Owners: [ACCOUNT_ID] }),
    snapshot: await refusalOf(other.send(new DescribeSnapshotsCommand({ SnapshotIds: [stored.snapshotId] }))),
    snapshots: (await other.send(new DescribeSnapshotsCommand({}))).Snapshots,
    launched: await refusalOf(
      other.send(new RunInstancesCommand({ ImageId: image, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 })),
    ),
  }).toEqual({
    byId: 'InvalidAMIID.NotFound',
    listed: [],
    snapshot: 'InvalidSnapshot.NotFound',
    snapshots: [],
    launched: 'InvalidAMIID.NotFound',
  });
});

test('An account that an image is shared with can launch it, and does not see its tags, but for ec2:SharedTag/ ones.', async () => {
  const image = await registerImage(owner, stored.snapshotId, {
    Name: 'with tags',
    TagSpecifications: [
      {
        ResourceType: 'image',
        Tags: [
          { Key: 'team', Value: 'hpc' },
          { Key: 'ec2:SharedTag/layer', Value: 'gromacs' },
        ],
      },
    ],
  });
  await share(image, { UserId: OTHER });
  const { Images } = await other.send(new DescribeImagesCommand({ ImageIds: [image] }));
  expect(Images?.[0]).toMatchObject({
    OwnerId: ACCOUNT_ID,
    Public: false,
    Tags: [{ Key: 'ec2:SharedTag/layer', Value: 'gromacs' }],
  });
  expect(await listed(other, { Filters: [{ Name: 'tag:team', Values: ['hpc'] }] })).toEqual([]);
  const session = openSession(sandbox, 'us-west-2', await sandbox.control.accessKey(OTHER));
  const id = await session.launch(image);
  await session.online(id);
  expect((await session.run(id, 'cat /var/theirs')).StandardOutputContent).toBe('theirs\n');
  expect(await refusalOf(owner.send(new DescribeInstancesCommand({ InstanceIds: [id] })))).toBe(
    'InvalidInstanceID.NotFound',
  );
  await other.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await session.reach(id, 'terminated');
});

test('Owners takes account ids, self and amazon; ExecutableUsers takes an account that images are shared with, self and all.', async () => {
  const shared = await registerImage(owner, stored.snapshotId, { Name: 'for one' });
  await share(shared, { UserId: THIRD });
  const third = accountClient(sandbox, THIRD);
  expect({
    self: await listed(third, { Owners: ['self'] }),
    owner: await listed(third, { Owners: [ACCOUNT_ID] }),
    amazon: (await listed(third, { Owners: ['amazon'] })).length,
    executable: await listed(third, { ExecutableUsers: ['self'] }),
    executableByThird: await listed(owner, { ExecutableUsers: [THIRD] }),
    executableByOther: await listed(owner, { ExecutableUsers: ['444444444444'] }),
    executableByAll: await listed(owner, { ExecutableUsers: ['all'], Owners: ['self'] }),
  }).toEqual({
    self: [],
    owner: ['for one'],
    amazon: 1,
    executable: ['for one'],
    executableByThird: ['for one'],
    executableByOther: [],
    executableByAll: [],
  });
});

test('Launch permissions are added and removed one list at a time, each once, nested or in the older flat form; reset takes them all away.', async () => {
  const image = await registerImage(owner, stored.snapshotId, { Name: 'permissions' });
  const OrganizationArn = 'arn:aws:organizations::123456789012:organization/o-a1b2c3d4e5';
  const OrganizationalUnitArn = 'arn:aws:organizations::123456789012:ou/o-a1b2c3d4e5/ou-ab12-cdefgh34';
  await share(image, { UserId: OTHER }, { UserId: OTHER }, { OrganizationArn }, { OrganizationalUnitArn });
  const flat = { ImageId: image, Attribute: 'launchPermission', OperationType: 'add' as const, UserIds: [THIRD] };
  await owner.send(new ModifyImageAttributeCommand(flat));
  await owner.send(
    new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission: { Remove: [{ UserId: OTHER }] } }),
  );
  expect(await permissionsOf(image)).toEqual([{ OrganizationArn }, { OrganizationalUnitArn }, { UserId: THIRD }]);
  await owner.send(new ResetImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }));
  expect(await permissionsOf(image)).toEqual([]);
});

test('A permission for what is no account, group or organization is InvalidAMIAttributeItemValue.', async () => {
  const image = stored.imageId;
  expect({
    account: await refusalOf(share(image, { UserId: '1234-5678-9012' })),
    group: await refusalOf(share(image, { Group: 'everyone' })),
    organization: await refusalOf(share(image, { OrganizationArn: 'o-a1b2c3d4e5' })),
    unit: await refusalOf(share(image, { OrganizationalUnitArn: 'ou-ab12' })),
  }).toEqual({
    account: 'InvalidAMIAttributeItemValue',
    // The values of a group are an enumeration in AWS's own model.
    group: 'InvalidParameterValue',
    organization: 'InvalidAMIAttributeItemValue',
    unit: 'InvalidAMIAttributeItemValue',
  });
});

test('ModifyImageAttribute changes one attribute a call, and only for the owner; imdsSupport v2.0 has no way back.', async () => {
  const image = await registerImage(owner, stored.snapshotId, { Name: 'attributes' });
  const modify = (request: object): Promise<unknown> =>
    owner.send(new ModifyImageAttributeCommand({ ImageId: image, ...request }));
  await modify({ Description: { Value: 'as new' } });
  await modify({ ImdsSupport: { Value: 'v2.0' } });
  expect({
    none: await refusalOf(modify({})),
    two: await refusalOf(modify({ Description: { Value: 'x' }, ImdsSupport: { Value: 'v2.0' } })),
    back: await refusalOf(modify({ ImdsSupport: { Value: 'v1.0' } })),
    otherAccount: await refusalOf(
      share(image, { UserId: OTHER }).then(() =>
        other.send(new ModifyImageAttributeCommand({ ImageId: image, Description: { Value: 'mine' } })),
      ),
    ),
  }).toEqual({
    none: 'InvalidParameterCombination',
    two: 'InvalidParameterCombination',
    back: 'InvalidParameterValue',
    otherAccount: 'AuthFailure',
  });
  const { Images } = await owner.send(new DescribeImagesCommand({ ImageIds: [image] }));
  expect(Images?.[0]).toMatchObject({ Description: 'as new', ImdsSupport: 'v2.0' });
  const launched = await owner.send(
    new RunInstancesCommand({ ImageId: image, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 }),
  );
  const [instance] = launched.Instances ?? [];
  expect(instance?.MetadataOptions?.HttpTokens).toBe('required');
  const ids = [instance?.InstanceId ?? ''];
  await until(
    async () => (await owner.send(new DescribeInstancesCommand({ InstanceIds: ids }))).Reservations,
    'the instance to be known',
  );
  await owner.send(new TerminateInstancesCommand({ InstanceIds: ids }));
});

test('Public sharing is blocked in a new account until DisableImageBlockPublicAccess; a public image is deprecated two years after its creation.', async () => {
  const image = await registerImage(owner, stored.snapshotId, { Name: 'public' });
  const state = async (): Promise<unknown> =>
    (await owner.send(new GetImageBlockPublicAccessStateCommand({}))).ImageBlockPublicAccessState;
  expect(await state()).toBe('block-new-sharing');
  await expect(share(image, { Group: 'all' })).rejects.toMatchObject({
    name: 'OperationNotPermitted',
    message:
      'You can’t publicly share this image because block public access for AMIs is enabled for this account. ' +
      'To publicly share the image, you must call the DisableImageBlockPublicAccess API.',
  });
  await owner.send(new DisableImageBlockPublicAccessCommand({}));
  expect(await state()).toBe('unblocked');
  await share(image, { Group: 'all' });
  await owner.send(new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' }));
  const { Images } = await other.send(new DescribeImagesCommand({ ExecutableUsers: ['all'], Owners: [ACCOUNT_ID] }));
  const [shown] = Images ?? [];
  expect(shown).toMatchObject({ Name: 'public', Public: true });
  const years =
    (Date.parse(shown?.DeprecationTime ?? '') - Date.parse(shown?.CreationDate ?? '')) / (365.25 * 86_400_000);
  expect(Math.round(years * 100) / 100).toBe(2);
});

test('To copy a shared image takes permission for its snapshot too.', async () => {
  const image = await registerImage(owner, stored.snapshotId, { Name: 'to copy' });
  await share(image, { UserId: OTHER });
  const copy = (): Promise<{ ImageId?: string | undefined }> =>
    other.send(new CopyImageCommand({ Name: 'my copy', SourceImageId: image, SourceRegion: 'us-west-2' }));
  await expect(copy()).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'You do not have permission to access the storage of this ami',
  });
  const SnapshotId = stored.snapshotId;
  const permission = { SnapshotId, CreateVolumePermission: { Add: [{ UserId: OTHER }] } };
  await owner.send(new ModifySnapshotAttributeCommand(permission));
  const attribute = { SnapshotId, Attribute: 'createVolumePermission' as const };
  expect((await owner.send(new DescribeSnapshotAttributeCommand(attribute))).CreateVolumePermissions).toEqual([
    { UserId: OTHER },
  ]);
  const { ImageId = '' } = await copy();
  await until(async () => ((await stateOf(other, ImageId)) === 'available' ? true : undefined), 'the copy');
  expect(await refusalOf(stateOf(owner, ImageId))).toBe('InvalidAMIID.NotFound');
});
