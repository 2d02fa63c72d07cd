import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImageReferencesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACCOUNT_ID } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { operationNames } from '../../../sandbox/wire/services.js';
import { accountClient, refusalOf } from '../support/account-client.js';
import { credentialsOf } from '../support/credentials-of.js';
import { openSession, REGION } from '../support/session.js';
import { signRequest } from '../support/sign-request.js';

let directory: string;
let sandbox: Sandbox;
let ec2: EC2Client;
let base: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-references-'));
  sandbox = await startSandbox({ directory });
  ec2 = accountClient(sandbox, ACCOUNT_ID);
  base = await openSession(sandbox).baseImage();
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('A launch template has a name of its own, versions, and data that a launch takes where the request says nothing.', async () => {
  const LaunchTemplateData = {
    ImageId: base,
    InstanceType: 'm5.large' as const,
    TagSpecifications: [{ ResourceType: 'instance' as const, Tags: [{ Key: 'from', Value: 'template' }] }],
  };
  const create = (): Promise<unknown> =>
    ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'template', LaunchTemplateData }));
  await create();
  expect(await refusalOf(create())).toBe('InvalidLaunchTemplateName.AlreadyExistsException');
  const { LaunchTemplates = [] } = await ec2.send(
    new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['template'] }),
  );
  expect(LaunchTemplates).toMatchObject([
    { LaunchTemplateName: 'template', DefaultVersionNumber: 1, LatestVersionNumber: 1 },
  ]);
  const versions = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ Versions: ['$Latest'] }));
  expect(versions.LaunchTemplateVersions).toMatchObject([
    { LaunchTemplateName: 'template', VersionNumber: 1, DefaultVersion: true, LaunchTemplateData },
  ]);
  const LaunchTemplate = { LaunchTemplateName: 'template' };
  const launched = await ec2.send(
    new RunInstancesCommand({ LaunchTemplate, InstanceType: 'm5.xlarge', MinCount: 1, MaxCount: 1 }),
  );
  expect(launched.Instances).toMatchObject([
    { ImageId: base, InstanceType: 'm5.xlarge', Tags: [{ Key: 'from', Value: 'template' }] },
  ]);
  const version = { ...LaunchTemplate, Version: '2' };
  expect({
    version: await refusalOf(ec2.send(new RunInstancesCommand({ LaunchTemplate: version, MinCount: 1, MaxCount: 1 }))),
    both: await refusalOf(
      ec2.send(new DeleteLaunchTemplateCommand({ ...LaunchTemplate, LaunchTemplateId: 'lt-0123456789abcdef0' })),
    ),
    unknown: await refusalOf(ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: 'lt-0123456789abcdef0' }))),
    malformed: await refusalOf(ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: 'lt-x' }))),
    none: await refusalOf(ec2.send(new DeleteLaunchTemplateCommand({}))),
    deleted: await refusalOf(ec2.send(new DeleteLaunchTemplateCommand(LaunchTemplate))),
    again: await refusalOf(ec2.send(new DeleteLaunchTemplateCommand(LaunchTemplate))),
  }).toEqual({
    version: 'InvalidLaunchTemplateId.VersionNotFound',
    both: 'InvalidParameterCombination',
    unknown: 'InvalidLaunchTemplateId.NotFound',
    malformed: 'InvalidLaunchTemplateId.Malformed',
    none: 'MissingParameter',
    deleted: 'accepted',
    again: 'InvalidLaunchTemplateName.NotFoundException',
  });
});

test('DescribeImageReferences finds the account’s instances, launch templates and parameters that refer to an image.', async () => {
  const session = openSession(sandbox);
  const id = await session.launch(base);
  await session.reach(id, 'running');
  const template = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'refers', LaunchTemplateData: { ImageId: base } }),
  );
  const ssm = new SSMClient({
    endpoint: sandbox.endpoint,
    region: REGION,
    credentials: credentialsOf(sandbox),
  });
  const parameter = { Name: '/images/base', Value: base, Type: 'String' as const, DataType: 'aws:ec2:image' };
  await ssm.send(new PutParameterCommand(parameter));
  await ssm.send(new PutParameterCommand({ ...parameter, Name: '/images/text', DataType: 'text' }));
  const references = async (client: EC2Client, request: object): Promise<unknown> =>
    (await client.send(new DescribeImageReferencesCommand({ ImageIds: [base], ...request }))).ImageReferences;
  const instances = { ResourceType: 'ec2:Instance' };
  const arn = `arn:aws:ec2:us-west-2:${ACCOUNT_ID}`;
  const stopped = [{ OptionName: 'state-name', OptionValues: ['stopped'] }];
  const found = [
    {
      ImageId: base,
      ResourceType: 'ec2:LaunchTemplate',
      Arn: `${arn}:launch-template/${template.LaunchTemplate?.LaunchTemplateId ?? ''}`,
    },
    { ImageId: base, ResourceType: 'ssm:Parameter', Arn: `arn:aws:ssm:us-west-2:${ACCOUNT_ID}:parameter/images/base` },
  ];
  expect({
    running: await references(ec2, {
      ResourceTypes: [{ ...instances, ResourceTypeOptions: [{ OptionName: 'state-name', OptionValues: ['running'] }] }],
    }),
    stopped: await references(ec2, { ResourceTypes: [{ ...instances, ResourceTypeOptions: stopped }] }),
    others: await references(ec2, {
      ResourceTypes: [{ ResourceType: 'ec2:LaunchTemplate' }, { ResourceType: 'ssm:Parameter' }],
    }),
    otherAccount: await references(accountClient(sandbox, '210987654321'), { IncludeAllResourceTypes: true }),
    neither: await refusalOf(references(ec2, {})),
    many: await refusalOf(references(ec2, { ImageIds: Array<string>(11).fill(base), IncludeAllResourceTypes: true })),
  }).toEqual({
    running: expect.arrayContaining([{ ImageId: base, ResourceType: 'ec2:Instance', Arn: `${arn}:instance/${id}` }]),
    stopped: [],
    others: found,
    otherAccount: [],
    neither: 'InvalidParameterCombination',
    many: 'InvalidParameterValue',
  });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
});

test('A Region has three zones, with ids of their own; every instance type is offered in each.', async () => {
  const zones = async (region: string): Promise<unknown> => {
    const client = accountClient(sandbox, ACCOUNT_ID, region);
    const { AvailabilityZones } = await client.send(new DescribeAvailabilityZonesCommand({}));
    return AvailabilityZones?.map(({ ZoneName, ZoneId, State }) => [ZoneName, ZoneId, State]);
  };
  expect([await zones('us-west-2'), await zones('ap-southeast-1')]).toEqual([
    [
      ['us-west-2a', 'usw2-az1', 'available'],
      ['us-west-2b', 'usw2-az2', 'available'],
      ['us-west-2c', 'usw2-az3', 'available'],
    ],
    [
      ['ap-southeast-1a', 'apse1-az1', 'available'],
      ['ap-southeast-1b', 'apse1-az2', 'available'],
      ['ap-southeast-1c', 'apse1-az3', 'available'],
    ],
  ]);
  const offered = async (LocationType: sdk.LocationType): Promise<unknown> => {
    const Filters = [{ Name: 'instance-type', Values: ['c7i.large', 'z9.huge'] }];
    const request = new DescribeInstanceTypeOfferingsCommand({ LocationType, Filters });
    const { InstanceTypeOfferings } = await ec2.send(request);
    return InstanceTypeOfferings?.map(({ InstanceType, Location }) => `${InstanceType} ${Location}`);
  };
  expect({
    region: await offered('region'),
    zone: await offered('availability-zone'),
    id: await offered('availability-zone-id'),
    outpost: await offered('outpost'),
    unknownZone: await refusalOf(ec2.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ['us-west-2z'] }))),
  }).toEqual({
    region: ['c7i.large us-west-2'],
    zone: ['c7i.large us-west-2a', 'c7i.large us-west-2b', 'c7i.large us-west-2c'],
    id: ['c7i.large usw2-az1', 'c7i.large usw2-az2', 'c7i.large usw2-az3'],
    outpost: [],
    unknownZone: 'InvalidParameterValue',
  });
});

test('Every EC2 operation with a DryRun parameter answers it with DryRunOperation, and nothing happens.', async () => {
  // Whatever a request has to contain to get as far; nothing in it exists.
  const filler = {
    ...{ MinCount: 1, MaxCount: 1, ImageId: base, ImageIds: [base], InstanceId: 'i-0123456789abcdef0' },
    ...{ InstanceIds: ['i-0123456789abcdef0'], Name: 'dry', SourceImageId: base, SourceRegion: 'us-west-2' },
    ...{ SnapshotId: 'snap-0123456789abcdef0', Resources: [base], Tags: [{ Key: 'a', Value: 'b' }] },
    ...{ LaunchTemplateName: 'dry', LaunchTemplateData: { ImageId: base }, DeprecateAt: new Date(0), KmsKeyId: 'x' },
    ImageBlockPublicAccessState: 'block-new-sharing' as const,
  };
  const attributes: Record<string, string> = {
    DescribeImageAttribute: 'description',
    ResetImageAttribute: 'launchPermission',
    DescribeSnapshotAttribute: 'createVolumePermission',
    ResetSnapshotAttribute: 'createVolumePermission',
  };
  const calls = (await sandbox.control.journal()).length;
  const commands = sdk as unknown as Record<string, new (input: object) => sdk.DescribeImagesCommand>;
  const refusals = await Promise.all(
    operationNames('ec2').map(async (name) => {
      const Command = commands[`${name}Command`];
      if (Command === undefined) return `${name}: not in the SDK`;
      const Attribute = attributes[name];
      const input = { ...filler, ...(Attribute !== undefined && { Attribute }), DryRun: true };
      return `${name}: ${await refusalOf(ec2.send(new Command(input)))}`;
    }),
  );
  expect(refusals).toEqual(operationNames('ec2').map((name) => `${name}: DryRunOperation`));
  expect((await sandbox.control.journal(calls)).map(({ result }) => result)).toEqual(
    refusals.map(() => 'DryRunOperation'),
  );
  expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations?.length).toBeLessThan(3);
});

test('An operation that AWS has and the sandbox has not is UnsupportedOperation, one that AWS has not InvalidAction.', async () => {
  const { endpoint } = sandbox;
  const signed = { endpoint, scope: 'ec2/us-west-2', credentials: credentialsOf(sandbox) };
  const codeOf = async (Action: string): Promise<string | undefined> => {
    const body = new URLSearchParams({ Action, Version: '2016-11-15' }).toString();
    const headers = await signRequest({ ...signed, body });
    const response = await fetch(sandbox.endpoint, { method: 'POST', headers, body });
    return `${response.status} ${/<Code>(.*)<\/Code>/.exec(await response.text())?.[1] ?? ''}`;
  };
  expect([await codeOf('DescribeVolumes'), await codeOf('DescribeNothing')]).toEqual([
    '400 UnsupportedOperation',
    '400 InvalidAction',
  ]);
});
