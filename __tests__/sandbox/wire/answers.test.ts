import { DeleteTags$, DescribeInstances$ } from '@aws-sdk/client-ec2';
import { GetParameter$, SendCommand$ } from '@aws-sdk/client-ssm';
import { GetCallerIdentity$ } from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import { expect, test } from '@jest/globals';
import { AwsError } from '../../../sandbox/wire/aws-error.js';
import { decodeJson, encodeJson, encodeJsonError } from '../../../sandbox/wire/json-rpc.js';
import { encodeQueryAnswer, encodeQueryError } from '../../../sandbox/wire/query-response.js';

test('EC2 answers are named after the operation and carry their request id', () => {
  const value = {
    Reservations: [{ ReservationId: 'r-1', Instances: [{ InstanceId: 'i-<1>', LaunchTime: new Date(0) }] }],
  };
  const schema = NormalizedSchema.of(DescribeInstances$[5]);
  expect(encodeQueryAnswer({ operation: 'DescribeInstances', schema, value, requestId: 'q', dialect: 'ec2' })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>q</requestId>' +
      '<reservationSet><item><reservationId>r-1</reservationId><instancesSet><item><instanceId>i-&lt;1&gt;</instanceId>' +
      '<launchTime>1970-01-01T00:00:00Z</launchTime></item></instancesSet></item></reservationSet></DescribeInstancesResponse>',
  );
});

test('an EC2 operation without an answer says true', () => {
  const schema = NormalizedSchema.of(DeleteTags$[5]);
  expect(encodeQueryAnswer({ operation: 'DeleteTags', schema, value: undefined, requestId: 'q', dialect: 'ec2' })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<DeleteTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>q</requestId>' +
      '<return>true</return></DeleteTagsResponse>',
  );
});

test('STS answers wrap their members in a result', () => {
  const schema = NormalizedSchema.of(GetCallerIdentity$[5]);
  const value = { Account: '123456789012' };
  expect(encodeQueryAnswer({ operation: 'GetCallerIdentity', schema, value, requestId: 'q', dialect: 'query' })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<Account>123456789012</Account></GetCallerIdentityResult>' +
      '<ResponseMetadata><RequestId>q</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  );
});

test('each service has its own shape of error', () => {
  const error = new AwsError('SomeCode', 'a < b & c');
  expect([encodeQueryError(error, 'q', 'ec2'), encodeQueryError(error, 'q', 'query'), encodeJsonError(error)]).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>SomeCode</Code>' +
      '<Message>a &lt; b &amp; c</Message></Error></Errors><RequestID>q</RequestID></Response>',
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>SomeCode</Code>' +
      '<Message>a &lt; b &amp; c</Message></Error><RequestId>q</RequestId></ErrorResponse>',
    '{"__type":"SomeCode","message":"a < b & c","Message":"a < b & c"}',
  ]);
});

test('SSM timestamps are seconds since the epoch', () => {
  const schema = NormalizedSchema.of(GetParameter$[5]);
  const value = { Parameter: { Name: '/a', LastModifiedDate: new Date(1500) } };
  expect(JSON.parse(encodeJson(schema, value))).toEqual({ Parameter: { Name: '/a', LastModifiedDate: 1.5 } });
});

test.each([
  ['{"InstanceIds":["i-1"],"Parameters":{"commands":["a"]},"Comment":null}', 'accepted'],
  ['{"InstanceIds":"i-1"}', 'SerializationException: InstanceIds must be a list'],
  ['{"InstanceIds":[1]}', 'SerializationException: InstanceIds.0 must be a string'],
  ['{"TimeoutSeconds":"30"}', 'SerializationException: TimeoutSeconds must be a number'],
  ['{"Parameters":{"commands":"a"}}', 'SerializationException: Parameters.commands must be a list'],
  ['{"Instances":[]}', 'ValidationException: Unknown parameter Instances'],
  ['[]', 'SerializationException: The request must be a structure'],
  ['{', 'SerializationException: The request body is not valid JSON'],
])('the JSON request %s is %s', (body, wanted) => {
  const attempt = (): string => {
    try {
      decodeJson(NormalizedSchema.of(SendCommand$[4]), body);
      return 'accepted';
    } catch (error) {
      if (error instanceof AwsError) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
  expect(attempt()).toBe(wanted);
});
