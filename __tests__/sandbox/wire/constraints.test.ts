import { describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../sandbox/wire/aws-error.js';
import type { ServiceName } from '../../../sandbox/wire/aws-request.js';
import { checkConstraints } from '../../../sandbox/wire/check-constraints.js';

function refusal(service: ServiceName, operation: string, request: object): string {
  try {
    checkConstraints(service, operation, request);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const copy = { Name: 'copy', SourceImageId: 'ami-1', SourceRegion: 'us-west-2' };

describe('What AWS demands of a parameter is checked before anything else is done.', () => {
  test.each<[ServiceName, string, object, string]>([
    ['ec2', 'CopyImage', copy, 'accepted'],
    [
      'ec2',
      'CopyImage',
      { ...copy, SourceRegion: undefined },
      'MissingParameter: The request must contain the parameter SourceRegion',
    ],
    [
      'ec2',
      'CopyImage',
      { ...copy, ClientToken: 'x'.repeat(129) },
      `InvalidParameterValue: Value (${'x'.repeat(129)}) for parameter ClientToken is invalid. The length must be at most 128.`,
    ],
    [
      'ec2',
      'ResetImageAttribute',
      { ImageId: 'ami-1', Attribute: 'description' },
      'InvalidParameterValue: Value (description) for parameter Attribute is invalid. Valid values are: launchPermission.',
    ],
    [
      'ec2',
      'RunInstances',
      {
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: [{ Ebs: { VolumeType: 'gp3' } }, { Ebs: { VolumeType: 'gp9' } }],
      },
      'InvalidParameterValue: Value (gp9) for parameter BlockDeviceMappings.2.Ebs.VolumeType is invalid. Valid values are: standard, io1, io2, gp2, sc1, st1, gp3.',
    ],
    ['ec2', 'CreateImage', { InstanceId: 'i-1', Name: 'x' }, 'accepted'],
    [
      'ssm',
      'SendCommand',
      { InstanceIds: ['i-xyz'], TimeoutSeconds: 5 },
      "ValidationException: 3 validation errors detected: Value '[i-xyz]' at 'instanceIds' failed to satisfy constraint: ",
    ],
    [
      'sts',
      'AssumeRoleWithWebIdentity',
      { RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 'x', WebIdentityToken: 'token' },
      "ValidationError: 1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      'ebs',
      'ListChangedBlocks',
      { SecondSnapshotId: 'snap-1', MaxResults: 5 },
      "ValidationException: 1 validation error detected: Value '5' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 100",
    ],
  ])('In the words of %s: %s %o', (service, operation, request, expected) => {
    const refused = refusal(service, operation, request);
    expect(service === 'ssm' ? refused.slice(0, expected.length) : refused).toBe(expected);
  });
});
