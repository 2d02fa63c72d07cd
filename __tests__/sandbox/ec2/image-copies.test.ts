import {
  CopyImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  ResetEbsDefaultKmsKeyIdCommand,
  type CopyImageRequest,
  type EC2Client,
  type Image,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT_ID } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { accountClient, refusalOf } from '../support/account-client.js';
import { openSession, until } from '../support/session.js';
import { buildImage, registerImage, stateOf, type StoredImage } from '../support/stored-image.js';

const EAST = 'us-east-1';
const KEY = `arn:aws:kms:${EAST}:${ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555`;

let directory: string;
let sandbox: Sandbox;
let west: EC2Client;
let east: EC2Client;
let stored: StoredImage;
let source: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-copies-'));
  sandbox = await startSandbox({ directory });
  west = accountClient(sandbox, ACCOUNT_ID);
  east = accountClient(sandbox, ACCOUNT_ID, EAST);
  stored = await buildImage(sandbox, { name: 'source', commands: ['echo copied >/var/copied'] });
  const tags = [{ Key: 'team', Value: 'hpc' }];
  source = await registerImage(west, stored.snapshotId, {
    Name: 'tagged source',
    Description: 'of the source',
    TagSpecifications: [{ ResourceType: 'image', Tags: tags }],
  });
  await west.send(
    new ModifyImageAttributeCommand({ ImageId: source, LaunchPermission: { Add: [{ UserId: '210987654321' }] } }),
  );
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const copy = async (request: Partial<CopyImageRequest> & { readonly Name: string }): Promise<string> => {
  const whole = { SourceImageId: source, SourceRegion: 'us-west-2', ...request };
  return (await east.send(new CopyImageCommand(whole))).ImageId ?? '';
};

const ended = (imageId: string): Promise<string> =>
  until(async () => {
    const state = await stateOf(east, imageId);
    return state === 'pending' ? undefined : state;
  }, `the end of ${imageId}`);

const describeCopy = async (imageId: string): Promise<{ image: Image; snapshot: Snapshot }> => {
  const [image = {}] = (await east.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images ?? [];
  const ids = [image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ''];
  const [snapshot = {}] = (await east.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }))).Snapshots ?? [];
  return { image, snapshot };
};

test('A copy is made in the Region that is called, pending and then available, with the files of its source and its source on record.', async () => {
  const id = await copy({ Name: 'plain' });
  await until(async () => stateOf(east, id), 'the copy to be known');
  expect(await ended(id)).toBe('available');
  const { image, snapshot } = await describeCopy(id);
  expect(image).toMatchObject({
    Name: 'plain',
    OwnerId: ACCOUNT_ID,
    SourceImageId: source,
    SourceImageRegion: 'us-west-2',
    RootDeviceName: '/dev/xvda',
  });
  expect(image.Description).toBeUndefined();
  expect(image.SourceInstanceId).toBeUndefined();
  expect(snapshot.Description).toMatch(
    `Copied for DestinationAmi ${id} from SourceAmi ${source} for SourceSnapshot ${stored.snapshotId}. Task created on `,
  );
  expect(snapshot).toMatchObject({ State: 'completed', VolumeId: 'vol-ffffffff', Encrypted: false });
  const session = openSession(sandbox, EAST);
  const instance = await session.launch(id);
  await session.online(instance);
  expect((await session.run(instance, 'cat /var/copied')).StandardOutputContent).toBe('copied\n');
});

test('Tags stay behind unless CopyImageTags is given; those of TagSpecifications win; launch permissions are never copied.', async () => {
  const TagSpecifications = [
    { ResourceType: 'image' as const, Tags: [{ Key: 'team', Value: 'other' }] },
    { ResourceType: 'snapshot' as const, Tags: [{ Key: 'of', Value: 'the snapshot' }] },
  ];
  const ids = [
    await copy({ Name: 'no tags' }),
    await copy({ Name: 'their tags', CopyImageTags: true }),
    await copy({ Name: 'own tags', CopyImageTags: true, TagSpecifications }),
  ];
  await Promise.all(ids.map(ended));
  const described = await Promise.all(ids.map(describeCopy));
  expect(described.map(({ image, snapshot }) => [image.Tags, snapshot.Tags])).toEqual([
    [[], []],
    [[{ Key: 'team', Value: 'hpc' }], []],
    [[{ Key: 'team', Value: 'other' }], [{ Key: 'of', Value: 'the snapshot' }]],
  ]);
  const other = accountClient(sandbox, '210987654321', EAST);
  expect(await refusalOf(stateOf(other, ids[1] ?? ''))).toBe('InvalidAMIID.NotFound');
});

test('The same client token makes one copy, another request with it is IdempotentParameterMismatch.', async () => {
  const id = await copy({ Name: 'once', ClientToken: 'a token' });
  expect(await copy({ Name: 'once', ClientToken: 'a token' })).toBe(id);
  expect(await refusalOf(copy({ Name: 'twice', ClientToken: 'a token' }))).toBe('IdempotentParameterMismatch');
});

test('A name is unique for an account and Region, for copies and registered images too.', async () => {
  const id = await copy({ Name: 'taken' });
  await expect(copy({ Name: 'taken' })).rejects.toMatchObject({
    name: 'InvalidAMIName.Duplicate',
    message: `AMI name taken is already in use by AMI ${id}`,
  });
  expect(await refusalOf(copy({ Name: 'a+b' }))).toBe('InvalidAMIName.Malformed');
  await registerImage(west, stored.snapshotId, { Name: 'taken' });
  expect(await refusalOf(registerImage(west, stored.snapshotId, { Name: 'taken' }))).toBe('InvalidAMIName.Duplicate');
});

test('A copy can be encrypted but never decrypted; KmsKeyId needs Encrypted.', async () => {
  const id = await copy({ Name: 'with a key', Encrypted: true, KmsKeyId: KEY });
  expect(await ended(id)).toBe('available');
  expect((await describeCopy(id)).snapshot).toMatchObject({ Encrypted: true, KmsKeyId: KEY });
  const again = (extra: object): Promise<unknown> =>
    east.send(new CopyImageCommand({ Name: 'again', SourceImageId: id, SourceRegion: EAST, ...extra }));
  expect({
    decrypted: await refusalOf(again({ Encrypted: false })),
    keyAlone: await refusalOf(copy({ Name: 'key alone', KmsKeyId: KEY })),
  }).toEqual({ decrypted: 'InvalidParameterValue', keyAlone: 'InvalidParameterCombination' });
});

test('A key that the account cannot use is accepted, and the copy fails later with "Given key ID is not accessible".', async () => {
  const foreign = KEY.replace(ACCOUNT_ID, '210987654321');
  const id = await copy({ Name: 'foreign key', Encrypted: true, KmsKeyId: foreign });
  expect(await ended(id)).toBe('failed');
  const { image, snapshot } = await describeCopy(id);
  expect([image.StateReason?.Message, snapshot.State, snapshot.StateMessage]).toEqual([
    'Given key ID is not accessible',
    'error',
    'Given key ID is not accessible',
  ]);
});

test('What is encrypted with the AWS managed key cannot be shared, what is encrypted at all cannot be public.', async () => {
  const managed = await copy({ Name: 'managed key', Encrypted: true });
  const custom = await copy({ Name: 'custom key', Encrypted: true, KmsKeyId: KEY });
  await Promise.all([ended(managed), ended(custom)]);
  const share = (ImageId: string): Promise<unknown> =>
    east.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: '210987654321' }] } }));
  const shareSnapshot = async (imageId: string, permission: object): Promise<unknown> => {
    const { snapshot } = await describeCopy(imageId);
    const CreateVolumePermission = { Add: [permission] };
    return east.send(new ModifySnapshotAttributeCommand({ SnapshotId: snapshot.SnapshotId, CreateVolumePermission }));
  };
  await expect(share(managed)).rejects.toMatchObject({
    name: 'InvalidParameter',
    message: "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
  });
  expect({
    custom: await refusalOf(share(custom)),
    managedSnapshot: await refusalOf(shareSnapshot(managed, { UserId: '210987654321' })),
    customSnapshot: await refusalOf(shareSnapshot(custom, { UserId: '210987654321' })),
    publicSnapshot: await refusalOf(shareSnapshot(custom, { Group: 'all' })),
  }).toEqual({
    custom: 'accepted',
    managedSnapshot: 'OperationNotPermitted',
    customSnapshot: 'accepted',
    publicSnapshot: 'OperationNotPermitted',
  });
});

test('Encryption by default encrypts every new copy and launch, with the default key of the account and Region.', async () => {
  const setting = async (client: EC2Client): Promise<unknown[]> => [
    (await client.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault,
    (await client.send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId,
  ];
  expect(await setting(east)).toEqual([false, 'alias/aws/ebs']);
  await east.send(new EnableEbsEncryptionByDefaultCommand({}));
  await east.send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: KEY }));
  expect(await setting(east)).toEqual([true, KEY]);
  expect(await setting(west)).toEqual([false, 'alias/aws/ebs']);
  const id = await copy({ Name: 'by default' });
  await ended(id);
  expect((await describeCopy(id)).snapshot.KmsKeyId).toBe(KEY);
  await east.send(new ResetEbsDefaultKmsKeyIdCommand({}));
  await east.send(new DisableEbsEncryptionByDefaultCommand({}));
  expect(await setting(east)).toEqual([false, 'alias/aws/ebs']);
});

test('A volume that was encrypted at launch gives an encrypted snapshot.', async () => {
  const KmsKeyId = KEY.replace(EAST, 'us-west-2');
  const launch = { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId } }] };
  const { snapshotId } = await buildImage(sandbox, { name: 'encrypted', commands: ['true'], launch });
  const { Snapshots } = await west.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }));
  expect(Snapshots?.[0]).toMatchObject({ Encrypted: true, KmsKeyId });
});
