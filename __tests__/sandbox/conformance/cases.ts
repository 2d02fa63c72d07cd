import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import type { Call } from './client.js';

/** One call of the story that every client tells, and what has to come of it. */
export interface Case {
  /** For `${name.path}` in the parameters of later ones. Default: the operation. */
  readonly name?: string;
  readonly service: Call['service'];
  readonly operation: string;
  /** Texts `${name.path.0.to}` stand for a value in the answer to an earlier case. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Asked again until the value at the path is that. */
  readonly until?: readonly [path: string, value: unknown];
  /** Part of the answer, or the code of the refusal. */
  readonly answers?: object;
  readonly fails?: string;
  /** Against the operation's model, so that a careful SDK has to be told to send it. */
  readonly wrong?: true;
}

const TYPE = MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large';
const BASE = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${MACHINE_ARCHITECTURE}`;
const TEAM = [{ Key: 'team', Value: 'a & b <c> "d" ü' }];

const ec2 = (operation: string, parameters: Case['parameters'], rest: Partial<Case> = {}): Case => {
  return { service: 'ec2', operation, parameters, ...rest };
};
const ssm = (operation: string, parameters: Case['parameters'], rest: Partial<Case> = {}): Case => {
  return { service: 'ssm', operation, parameters, ...rest };
};

export const CASES: readonly Case[] = [
  { service: 'sts', operation: 'GetCallerIdentity', parameters: {}, answers: { Account: '<account>' } },
  {
    service: 'sts',
    operation: 'AssumeRoleWithWebIdentity',
    parameters: {
      RoleArn: 'arn:aws:iam::123456789012:role/r',
      RoleSessionName: 'session',
      WebIdentityToken: '${identity.token}',
    },
  },

  // What an account has from the start.
  ec2('DescribeRegions', {}),
  ec2('DescribeAvailabilityZones', {}),
  ec2('DescribeSubnets', {}),
  ec2('DescribeSecurityGroups', {}),
  ec2('DescribeInstanceTypes', { InstanceTypes: [TYPE] }, { answers: { InstanceTypes: [{ InstanceType: TYPE }] } }),
  ec2(
    'DescribeSpotPriceHistory',
    { InstanceTypes: [TYPE], ProductDescriptions: ['Linux/UNIX'], StartTime: '2026-11-21T12:00:00Z' },
    { answers: { SpotPriceHistory: [{ InstanceType: TYPE }, { InstanceType: TYPE }, { InstanceType: TYPE }] } },
  ),
  ec2('DescribeInstanceTypeOfferings', { Filters: [{ Name: 'instance-type', Values: [TYPE] }] }),
  ec2('GetEbsEncryptionByDefault', {}, { answers: { EbsEncryptionByDefault: false } }),
  ec2('GetImageBlockPublicAccessState', {}),

  // An instance.
  ssm('GetParameter', { Name: BASE }, { name: 'base', answers: { Parameter: { Name: BASE, Type: 'String' } } }),
  ec2('DescribeImages', { ImageIds: ['${base.Parameter.Value}'] }, { answers: { Images: [{ State: 'available' }] } }),
  ec2(
    'RunInstances',
    {
      ImageId: '${base.Parameter.Value}',
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: 'any' },
      MetadataOptions: { HttpTokens: 'required' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: TEAM }],
    },
    { name: 'run', answers: { Instances: [{ State: { Code: 0, Name: 'pending' }, Tags: TEAM }] } },
  ),
  ec2(
    'DescribeInstances',
    { InstanceIds: ['${run.Instances.0.InstanceId}'] },
    { name: 'running', until: ['Reservations.0.Instances.0.State.Name', 'running'] },
  ),
  ec2(
    'DescribeInstanceStatus',
    { InstanceIds: ['${run.Instances.0.InstanceId}'] },
    { until: ['InstanceStatuses.0.InstanceStatus.Status', 'ok'] },
  ),
  ec2('DescribeInstances', { Filters: [{ Name: 'tag:team', Values: ['a & b*'] }], MaxResults: 5 }),
  ec2('DescribeInstances', { Filters: [{ Name: 'tag:team', Values: ['none'] }] }, { answers: { Reservations: [] } }),

  // Commands.
  ssm(
    'DescribeInstanceInformation',
    { Filters: [{ Key: 'InstanceIds', Values: ['${run.Instances.0.InstanceId}'] }] },
    { until: ['InstanceInformationList.0.PingStatus', 'Online'] },
  ),
  ssm(
    'SendCommand',
    {
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: ['${run.Instances.0.InstanceId}'],
      Comment: 'one & two',
      Parameters: { commands: ['echo "<out> ü"', 'echo err >&2', 'exit 3'] },
    },
    { name: 'sent', answers: { Command: { Comment: 'one & two', DocumentName: 'AWS-RunShellScript' } } },
  ),
  ssm(
    'GetCommandInvocation',
    { CommandId: '${sent.Command.CommandId}', InstanceId: '${run.Instances.0.InstanceId}' },
    { until: ['Status', 'Failed'], answers: { ResponseCode: 3, StandardOutputContent: '<out> ü\n' } },
  ),
  ssm('ListCommands', { CommandId: '${sent.Command.CommandId}' }),
  ssm('ListCommandInvocations', { CommandId: '${sent.Command.CommandId}', Details: true }),

  // An image, its attributes and tags, a copy.
  ec2('StopInstances', { InstanceIds: ['${run.Instances.0.InstanceId}'] }),
  ec2(
    'DescribeInstances',
    { InstanceIds: ['${run.Instances.0.InstanceId}'] },
    { until: ['Reservations.0.Instances.0.State.Name', 'stopped'] },
  ),
  ec2(
    'CreateImage',
    {
      InstanceId: '${run.Instances.0.InstanceId}',
      Name: 'layer',
      Description: 'a <layer>',
      TagSpecifications: [
        { ResourceType: 'image', Tags: TEAM },
        { ResourceType: 'snapshot', Tags: TEAM },
      ],
    },
    { name: 'image' },
  ),
  ec2(
    'DescribeImages',
    { ImageIds: ['${image.ImageId}'] },
    {
      name: 'made',
      until: ['Images.0.State', 'available'],
      answers: { Images: [{ Name: 'layer', Description: 'a <layer>', Public: false, Tags: TEAM }] },
    },
  ),
  ec2('DescribeSnapshots', { SnapshotIds: ['${made.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId}'] }),
  ec2('DescribeTags', { Filters: [{ Name: 'resource-id', Values: ['${image.ImageId}'] }] }),
  ec2('CreateTags', { Resources: ['${image.ImageId}'], Tags: [{ Key: 'latest', Value: 'true' }] }),
  ec2('DeleteTags', { Resources: ['${image.ImageId}'], Tags: [{ Key: 'latest' }] }),
  ec2('ModifyImageAttribute', {
    ImageId: '${image.ImageId}',
    LaunchPermission: { Add: [{ UserId: '111122223333' }] },
  }),
  ec2('DescribeImageAttribute', { ImageId: '${image.ImageId}', Attribute: 'launchPermission' }),
  ec2('ResetImageAttribute', { ImageId: '${image.ImageId}', Attribute: 'launchPermission' }),
  ec2('EnableImageDeprecation', { ImageId: '${image.ImageId}', DeprecateAt: '2031-01-01T00:00:00Z' }),
  ec2('DisableImageDeprecation', { ImageId: '${image.ImageId}' }, { answers: { Return: true } }),
  ec2('EnableImageDeregistrationProtection', { ImageId: '${image.ImageId}' }),
  ec2('DeregisterImage', { ImageId: '${image.ImageId}' }, { fails: 'OperationNotPermitted' }),
  ec2('DisableImageDeregistrationProtection', { ImageId: '${image.ImageId}' }),
  ec2('DisableImage', { ImageId: '${image.ImageId}' }, { answers: { Return: true } }),
  ec2('DescribeImages', { ImageIds: ['${image.ImageId}'], IncludeDisabled: true }),
  ec2('EnableImage', { ImageId: '${image.ImageId}' }, { answers: { Return: true } }),
  ec2('ModifySnapshotAttribute', {
    SnapshotId: '${made.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId}',
    CreateVolumePermission: { Add: [{ UserId: '111122223333' }] },
  }),
  ec2('DescribeSnapshotAttribute', {
    SnapshotId: '${made.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId}',
    Attribute: 'createVolumePermission',
  }),
  ec2('CreateLaunchTemplate', {
    LaunchTemplateName: 'builders',
    LaunchTemplateData: { ImageId: '${image.ImageId}', InstanceType: TYPE },
  }),
  ec2('DescribeLaunchTemplates', { LaunchTemplateNames: ['builders'] }),
  ec2('DescribeLaunchTemplateVersions', { LaunchTemplateName: 'builders', Versions: ['$Latest'] }),
  ec2('DescribeImageReferences', { ImageIds: ['${image.ImageId}'], IncludeAllResourceTypes: true }),
  ec2('DeleteLaunchTemplate', { LaunchTemplateName: 'builders' }),
  ec2('GetImageAncestry', { ImageId: '${image.ImageId}' }),
  ec2('CopyImage', { SourceImageId: '${image.ImageId}', SourceRegion: 'us-west-2', Name: 'copied' }, { name: 'copy' }),
  ec2('DescribeImages', { ImageIds: ['${copy.ImageId}'] }, { until: ['Images.0.State', 'available'] }),
  ec2('DeregisterImage', { ImageId: '${copy.ImageId}', DeleteAssociatedSnapshots: true }),
  ssm('PutParameter', { Name: '/hpc/latest', Value: '${image.ImageId}', Type: 'String' }, { answers: { Version: 1 } }),
  ssm('GetParameters', { Names: ['/hpc/latest', '/hpc/none'] }, { answers: { InvalidParameters: ['/hpc/none'] } }),
  ssm('GetParametersByPath', { Path: '/hpc', Recursive: true }),
  ssm('DeleteParameter', { Name: '/hpc/latest' }),

  // Refusals.
  ec2(
    'CreateImage',
    { InstanceId: '${run.Instances.0.InstanceId}', Name: 'layer' },
    { fails: 'InvalidAMIName.Duplicate' },
  ),
  ec2('DescribeImages', { ImageIds: ['${image.ImageId}'], DryRun: true }, { fails: 'DryRunOperation' }),
  ec2('DescribeImages', { ImageIds: ['ami-0123456789abcdef0'] }, { fails: 'InvalidAMIID.NotFound' }),
  ec2('DescribeInstances', { InstanceIds: ['i-xyz'] }, { fails: 'InvalidInstanceID.Malformed' }),
  ec2('DescribeInstances', { Filters: [{ Name: 'colour', Values: ['x'] }] }, { fails: 'InvalidParameterValue' }),
  ec2('DescribeVpnGateways', {}, { fails: 'UnsupportedOperation' }),
  ec2(
    'RunInstances',
    { ImageId: '${image.ImageId}', InstanceType: TYPE, MinCount: 2, MaxCount: 1 },
    { fails: 'InvalidParameterValue' },
  ),
  ssm('GetParameter', { Name: '/hpc/none' }, { fails: 'ParameterNotFound' }),
  ssm('SendCommand', { DocumentName: 'AWS-None', InstanceIds: ['i-0123456789abcdef0'] }, { fails: 'InvalidDocument' }),
  ssm('SendCommand', { InstanceIds: ['i-0123456789abcdef0'] }, { fails: 'ValidationException', wrong: true }),
  ssm(
    'SendCommand',
    { DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-0123456789abcdef0'], TimeoutSeconds: 5 },
    { fails: 'ValidationException', wrong: true },
  ),
  ssm(
    'GetCommandInvocation',
    { CommandId: '01234567-89ab-cdef-0123-456789abcdef', InstanceId: 'i-0123456789abcdef0' },
    { fails: 'InvocationDoesNotExist' },
  ),

  // The end.
  ec2('DeregisterImage', { ImageId: '${image.ImageId}', DeleteAssociatedSnapshots: true }),
  ec2('TerminateInstances', { InstanceIds: ['${run.Instances.0.InstanceId}'] }),
  ec2(
    'DescribeInstances',
    { InstanceIds: ['${run.Instances.0.InstanceId}'] },
    { until: ['Reservations.0.Instances.0.State.Name', 'terminated'] },
  ),
];
