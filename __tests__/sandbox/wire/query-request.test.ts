import { DescribeImages$, DescribeInstances$, RunInstances$ } from '@aws-sdk/client-ec2';
import { AssumeRoleWithWebIdentity$ } from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../sandbox/wire/aws-error.js';
import { decodeQuery } from '../../../sandbox/wire/query-request.js';

const run = NormalizedSchema.of(RunInstances$[4]);
const decode = (body: string): unknown => decodeQuery(run, new URLSearchParams(body), 'ec2');

function refusal(body: string): string {
  try {
    decode(body);
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a query request', () => {
  test('becomes the typed value that the SDK sent', () => {
    const body = [
      'Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=1&MaxCount=2&DryRun=false',
      'BlockDeviceMapping.1.DeviceName=/dev/xvda&BlockDeviceMapping.1.Ebs.VolumeSize=30',
      'BlockDeviceMapping.1.Ebs.Encrypted=true&SecurityGroupId.1=sg-1&SecurityGroupId.2=sg-2',
      'TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a%26b&TagSpecification.1.Tag.1.Value=',
      'IamInstanceProfile.Name=builder&MetadataOptions.HttpTokens=required',
    ].join('&');
    expect(decode(body)).toEqual({
      ImageId: 'ami-1',
      MinCount: 1,
      MaxCount: 2,
      DryRun: false,
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 30, Encrypted: true } }],
      SecurityGroupIds: ['sg-1', 'sg-2'],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a&b', Value: '' }] }],
      IamInstanceProfile: { Name: 'builder' },
      MetadataOptions: { HttpTokens: 'required' },
    });
  });

  test('takes list items in the order of their index, with gaps', () => {
    expect(decode('SecurityGroupId.10=c&SecurityGroupId.2=b&SecurityGroupId.1=a')).toEqual({
      SecurityGroupIds: ['a', 'b', 'c'],
    });
  });

  test('knows the names that differ from the member they fill', () => {
    const images = NormalizedSchema.of(DescribeImages$[4]);
    const body = new URLSearchParams('Owner.1=self&Filter.1.Name=name&Filter.1.Value.1=x&MaxResults=5');
    expect(decodeQuery(images, body, 'ec2')).toEqual({
      Owners: ['self'],
      Filters: [{ Name: 'name', Values: ['x'] }],
      MaxResults: 5,
    });
  });

  test('spells lists of the older protocol with "member"', () => {
    const assume = NormalizedSchema.of(AssumeRoleWithWebIdentity$[4]);
    const body = new URLSearchParams('RoleArn=arn&PolicyArns.member.1.arn=p1&PolicyArns.member.2.arn=p2');
    expect(decodeQuery(assume, body, 'query')).toEqual({ RoleArn: 'arn', PolicyArns: [{ arn: 'p1' }, { arn: 'p2' }] });
  });

  test.each([
    ['Colour=red', 'UnknownParameter: The parameter Colour is not recognized'],
    [
      'BlockDeviceMapping.1.Ebs.Color=red',
      'UnknownParameter: The parameter BlockDeviceMapping.1.Ebs.Color is not recognized',
    ],
    ['SecurityGroupId.first=sg-1', 'UnknownParameter: The parameter SecurityGroupId.first is not recognized'],
    ['SecurityGroupId.0=sg-1', 'UnknownParameter: The parameter SecurityGroupId.0 is not recognized'],
    ['ImageId.1=ami-1', 'UnknownParameter: The parameter ImageId is not recognized'],
    ['ImageId=ami-1&ImageId=ami-2', 'UnknownParameter: The parameter ImageId is not recognized'],
    ['ImageId=a&ImageId.b=c', 'UnknownParameter: The parameter ImageId.b is not recognized'],
    ['MinCount=many', "InvalidParameterValue: Invalid value 'many' for MinCount. It must be a valid integer."],
    ['DryRun=perhaps', "InvalidParameterValue: Invalid value 'perhaps' for DryRun. It must be a valid boolean."],
    ['__proto__.x=1', 'UnknownParameter: The parameter __proto__ is not recognized'],
  ])('with %s is refused as AWS does', (body, wanted) => {
    expect(refusal(body)).toBe(`400 ${wanted}`);
  });

  test('of any shape at all is decoded or refused, never a crash', () => {
    const keys = [
      'ImageId',
      'SecurityGroupId',
      'BlockDeviceMapping',
      'Ebs',
      '1',
      '2',
      '-1',
      '',
      '1e3',
      'constructor',
      '.',
      '%00',
    ];
    const pick = pseudoRandom(42);
    const instances = NormalizedSchema.of(DescribeInstances$[4]);
    for (let round = 0; round < 3000; round += 1) {
      const path = Array.from({ length: 1 + pick(4) }, () => keys[pick(keys.length)]).join('.');
      const body = new URLSearchParams([
        [path, String(pick(3))],
        [keys[pick(keys.length)] ?? '', 'x'],
      ]);
      for (const schema of [run, instances]) {
        try {
          decodeQuery(schema, body, 'ec2');
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
      }
    }
  });
});

/** Mulberry32: the same sequence on every machine. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
