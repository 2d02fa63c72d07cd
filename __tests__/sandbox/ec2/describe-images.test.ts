import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type DescribeImagesRequest,
  type EC2Client,
  type Filter,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT_ID, MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { accountClient, refusalOf } from '../support/account-client.js';
import { buildImage, registerImage, type StoredImage } from '../support/stored-image.js';

let directory: string;
let sandbox: Sandbox;
let ec2: EC2Client;
let stored: StoredImage;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-list-'));
  sandbox = await startSandbox({ directory });
  ec2 = accountClient(sandbox, ACCOUNT_ID);
  stored = await buildImage(sandbox, { name: 'built', commands: ['true'] });
  for (let number = 0; number < 12; number += 1) {
    const tags = [
      { Key: 'layer', Value: number % 2 === 0 ? 'even' : 'odd' },
      { Key: 'number', Value: String(number) },
    ];
    await registerImage(ec2, stored.snapshotId, {
      Name: `image ${number}`,
      TagSpecifications: [{ ResourceType: 'image', Tags: tags }],
    });
  }
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const names = async (request: DescribeImagesRequest): Promise<(string | undefined)[]> =>
  ((await ec2.send(new DescribeImagesCommand(request))).Images ?? []).map(({ Name }) => Name).sort();

const filtered = (...Filters: Filter[]): Promise<(string | undefined)[]> => names({ Owners: ['self'], Filters });

test('Every filter that AWS documents for images and that can match one here is answered.', async () => {
  const [built] = (await ec2.send(new DescribeImagesCommand({ ImageIds: [stored.imageId] }))).Images ?? [];
  const values: Record<string, string> = {
    architecture: MACHINE_ARCHITECTURE,
    'block-device-mapping.delete-on-termination': 'true',
    'block-device-mapping.device-name': '/dev/xvda',
    'block-device-mapping.encrypted': 'false',
    'block-device-mapping.snapshot-id': stored.snapshotId,
    'block-device-mapping.volume-size': '8',
    'block-device-mapping.volume-type': 'gp3',
    'creation-date': `${built?.CreationDate?.slice(0, 10) ?? ''}*`,
    'ena-support': 'true',
    hypervisor: 'xen',
    'image-allowed': 'true',
    'image-id': stored.imageId,
    'image-type': 'machine',
    'is-public': 'false',
    'manifest-location': `${ACCOUNT_ID}/built`,
    name: 'built',
    'owner-id': ACCOUNT_ID,
    'root-device-name': '/dev/xvda',
    'root-device-type': 'ebs',
    'source-image-id': built?.SourceImageId ?? '',
    'source-image-region': 'us-west-2',
    'source-instance-id': stored.builderId,
    state: 'available',
    'virtualization-type': 'hvm',
  };
  const answered = Object.entries(values).map(async ([Name, value]) => {
    const found = await filtered({ Name, Values: [value] }, { Name: 'name', Values: ['built'] });
    const missed = await filtered({ Name, Values: ['something else'] }, { Name: 'name', Values: ['built'] });
    return [Name, found, missed];
  });
  expect(await Promise.all(answered)).toEqual(Object.keys(values).map((name) => [name, ['built'], []]));
});

test('The base image is found by its exact name, and by owner-alias amazon.', async () => {
  const [base = ''] = await names({ Owners: ['amazon'] });
  expect(await names({ Filters: [{ Name: 'name', Values: [base] }] })).toEqual([base]);
  expect(await names({ Filters: [{ Name: 'owner-alias', Values: ['amazon'] }] })).toEqual([base]);
});

test('Filters all have to hold, the values of one are alternatives, with wildcards or without.', async () => {
  expect(await filtered({ Name: 'tag:number', Values: ['1', '2', '99'] })).toEqual(['image 1', 'image 2']);
  expect(
    await filtered({ Name: 'tag:number', Values: ['1', '2', '3'] }, { Name: 'tag:layer', Values: ['odd'] }),
  ).toEqual(['image 1', 'image 3']);
  expect(await filtered({ Name: 'tag:number', Values: ['1?'] })).toEqual(['image 10', 'image 11']);
  expect(await filtered({ Name: 'tag-key', Values: ['numb*'] }, { Name: 'name', Values: ['*0'] })).toEqual([
    'image 0',
    'image 10',
  ]);
  expect(await filtered({ Name: 'tag:number', Values: [] })).toEqual([]);
});

test('What is tagged, untagged or deregistered is found, or not, by its tags from then on.', async () => {
  const id = await registerImage(ec2, stored.snapshotId, { Name: 'changing' });
  const byTag = (Key: string, Value: string): Promise<(string | undefined)[]> =>
    filtered({ Name: `tag:${Key}`, Values: [Value] });
  const tags = [{ Key: 'latest', Value: 'true' }];
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tags }));
  expect(await byTag('latest', 'true')).toEqual(['changing']);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'latest', Value: 'false' }] }));
  expect([await byTag('latest', 'true'), await byTag('latest', 'false')]).toEqual([[], ['changing']]);
  await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'latest' }] }));
  expect(await byTag('latest', 'false')).toEqual([]);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tags }));
  await ec2.send(new DeregisterImageCommand({ ImageId: id }));
  expect(await byTag('latest', 'true')).toEqual([]);
});

test('Pages hold every image once, in any size from 5 to 1,000, filtered or not.', async () => {
  const paged = async (request: DescribeImagesRequest): Promise<(string | undefined)[][]> => {
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = { ...request, ...(NextToken !== undefined && { NextToken }) };
      const answer = await ec2.send(new DescribeImagesCommand(page));
      pages.push((answer.Images ?? []).map(({ Name }) => Name));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return pages;
  };
  const everything = await paged({ MaxResults: 5 });
  expect(everything.map(({ length }) => length)).toEqual([5, 5, 4]);
  expect(everything.flat().sort()).toEqual(await names({}));
  const odd = await paged({ MaxResults: 5, Filters: [{ Name: 'tag:layer', Values: ['odd'] }] });
  expect(odd.map(({ length }) => length)).toEqual([5, 1]);
  expect(odd.flat().sort()).toEqual(await filtered({ Name: 'tag:layer', Values: ['odd'] }));
  expect({
    small: await refusalOf(ec2.send(new DescribeImagesCommand({ MaxResults: 4 }))),
    token: await refusalOf(ec2.send(new DescribeImagesCommand({ NextToken: 'not ours' }))),
  }).toEqual({ small: 'InvalidParameterValue', token: 'InvalidParameterValue' });
});

test('Snapshots are found by tag and by id alike.', async () => {
  const tags = [{ Key: 'of', Value: 'built' }];
  await ec2.send(new CreateTagsCommand({ Resources: [stored.snapshotId], Tags: tags }));
  const ids = async (request: object): Promise<(string | undefined)[]> =>
    ((await ec2.send(new DescribeSnapshotsCommand(request))).Snapshots ?? []).map(({ SnapshotId }) => SnapshotId);
  expect([
    await ids({ Filters: [{ Name: 'tag:of', Values: ['built'] }] }),
    await ids({ Filters: [{ Name: 'snapshot-id', Values: [stored.snapshotId] }] }),
    await ids({ Filters: [{ Name: 'tag:of', Values: ['other'] }] }),
    await ids({ OwnerIds: ['self'], Filters: [{ Name: 'encrypted', Values: ['false'] }] }),
  ]).toEqual([[stored.snapshotId], [stored.snapshotId], [], [stored.snapshotId]]);
});
