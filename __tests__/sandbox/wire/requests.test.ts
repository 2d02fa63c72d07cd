import { DescribeInstancesCommand, type Filter } from '@aws-sdk/client-ec2';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { credentialsOf } from '../support/credentials-of.js';
import { openSession, REGION, until } from '../support/session.js';
import { signRequest } from '../support/sign-request.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let instance: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-requests-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  const Tags = [
    { Key: 'team', Value: 'hpc' },
    { Key: 'pattern', Value: 'a*b' },
  ];
  instance = await session.launch(await session.baseImage(), {
    TagSpecifications: [{ ResourceType: 'instance', Tags }],
  });
  await until(() => session.stateOf(instance), 'the id to be known');
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

interface RawRequest {
  /** `<service>/<Region>`; undefined: unsigned. */
  readonly scope?: string;
  readonly body: Readonly<Record<string, string>>;
  /** Of a JSON service. */
  readonly operation?: string;
}

/** Status, and the body as it came. */
async function ask({ scope, body, operation }: RawRequest): Promise<readonly [status: number, text: string]> {
  const { endpoint } = sandbox;
  const text = operation === undefined ? new URLSearchParams(body).toString() : JSON.stringify(body);
  const plain: Record<string, string> = operation === undefined ? {} : { 'x-amz-target': `AmazonSSM.${operation}` };
  const headers =
    scope === undefined
      ? plain
      : await signRequest({ endpoint, scope, credentials: credentialsOf(sandbox), headers: plain, body: text });
  const response = await fetch(endpoint, { method: 'POST', headers, body: text });
  return [response.status, await response.text()];
}

/** `400 UnknownParameter` */
async function codeOf(request: RawRequest): Promise<string> {
  const [status, text] = await ask(request);
  return `${status} ${(/<Code>(\w+)</.exec(text) ?? /"__type":"(\w+)"/.exec(text))?.[1] ?? 'accepted'}`;
}

test('Service and Region are read from the credential scope.', async () => {
  const zonesIn = async (region: string): Promise<ReadonlySet<string | undefined>> => {
    const [, text] = await ask({ scope: `ec2/${region}`, body: { Action: 'DescribeAvailabilityZones' } });
    return new Set([...text.matchAll(/<regionName>(.*?)</g)].map(([, name]) => name));
  };
  expect([await zonesIn('us-west-2'), await zonesIn('eu-central-1')]).toEqual([
    new Set(['us-west-2']),
    new Set(['eu-central-1']),
  ]);
  const body = { Action: 'GetCallerIdentity' };
  expect([await codeOf({ scope: 'sts/us-west-2', body }), await codeOf({ scope: 'ec2/us-west-2', body })]).toEqual([
    '200 accepted',
    '400 InvalidAction',
  ]);
});

test('A service that the sandbox has not is UnsupportedOperation.', async () => {
  expect(await codeOf({ scope: 's3/us-west-2', body: { Action: 'ListBuckets' } })).toBe('400 UnsupportedOperation');
});

test('An unsigned request is MissingAuthenticationToken, HTTP 403, unless it is AssumeRoleWithWebIdentity.', async () => {
  const assume = {
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: 'arn:aws:iam::123456789012:role/builder',
    RoleSessionName: 'run-1',
    WebIdentityToken: await sandbox.control.identityToken('repo:owner/name'),
  };
  expect([
    await codeOf({ body: { Action: 'DescribeInstances' } }),
    await codeOf({ body: { Action: 'GetCallerIdentity' } }),
    await codeOf({ body: assume }),
  ]).toEqual(['403 MissingAuthenticationToken', '403 MissingAuthenticationToken', '200 accepted']);
});

test('A parameter that the operation does not have is refused, by EC2 and STS as UnknownParameter, by SSM as ValidationException.', async () => {
  expect([
    await codeOf({ scope: 'ec2/us-west-2', body: { Action: 'DescribeInstances', Colour: 'red' } }),
    await codeOf({ scope: 'sts/us-west-2', body: { Action: 'GetCallerIdentity', Colour: 'red' } }),
    await codeOf({ scope: 'ssm/us-west-2', operation: 'ListCommands', body: { Colour: 'red' } }),
  ]).toEqual(['400 UnknownParameter', '400 UnknownParameter', '400 ValidationException']);
});

test('An SSM operation that the sandbox has not is UnsupportedOperation, one that AWS has not UnknownOperationException.', async () => {
  const call = (operation: string): Promise<string> => codeOf({ scope: 'ssm/us-west-2', operation, body: {} });
  expect([await call('ListDocuments'), await call('ListNothing')]).toEqual([
    '400 UnsupportedOperation',
    '400 UnknownOperationException',
  ]);
});

test('Regions do not see each other’s resources.', async () => {
  const elsewhere = openSession(sandbox, 'eu-central-1');
  expect(await refusalOf(elsewhere.stateOf(instance))).toBe('InvalidInstanceID.NotFound');
  const base = await session.baseImage();
  expect(await elsewhere.baseImage()).not.toBe(base);
  expect(await refusalOf(elsewhere.launch(base))).toBe('InvalidAMIID.NotFound');
});

test('A web identity gets credentials for as long as it asks, from 15 minutes to 12 hours, and for an hour if it does not say.', async () => {
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: REGION });
  const assume = async (DurationSeconds?: number): Promise<number | string> => {
    const { time } = (await sandbox.control.status()).clock;
    const WebIdentityToken = await sandbox.control.identityToken('repo:owner/name');
    const request = {
      RoleArn: 'arn:aws:iam::123456789012:role/builder',
      RoleSessionName: 'run-1',
      WebIdentityToken,
      ...(DurationSeconds !== undefined && { DurationSeconds }),
    };
    return sts.send(new AssumeRoleWithWebIdentityCommand(request)).then(
      ({ Credentials }) => Math.round(((Credentials?.Expiration?.getTime() ?? 0) - time) / 60_000),
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  };
  expect([await assume(), await assume(900), await assume(43_200), await assume(899), await assume(43_201)]).toEqual([
    60,
    15,
    720,
    'ValidationError',
    'ValidationError',
  ]);
});

async function found(...Filters: readonly Filter[]): Promise<boolean> {
  const { Reservations } = await session.ec2.send(new DescribeInstancesCommand({ Filters: [...Filters] }));
  return Reservations?.length === 1;
}

const team = (...Values: readonly string[]): Filter => ({ Name: 'tag:team', Values: [...Values] });
const pattern = (value: string): Filter => ({ Name: 'tag:pattern', Values: [value] });

test('Filter values are case-sensitive; * stands for any characters, ? for one, and \\ before either for itself.', async () => {
  const matches = await Promise.all(
    ['a*b', 'a\\*b', 'a?b', 'a\\?b', '*', 'a', 'A*B'].map(async (value) => [value, await found(pattern(value))]),
  );
  expect(Object.fromEntries(matches)).toEqual({
    'a*b': true,
    'a\\*b': true,
    'a?b': true,
    'a\\?b': false,
    '*': true,
    a: false,
    'A*B': false,
  });
  expect(await found(team('hp*'), pattern('a*'))).toBe(true);
});

test('A filter takes at most 200 values and a call at most 50 filters, else FilterLimitExceeded.', async () => {
  const values = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `v${index}`);
  expect([
    await refusalOf(found(team(...values(200)))),
    await refusalOf(found(team(...values(201)))),
    await refusalOf(found(...values(50).map((value) => team(value)))),
    await refusalOf(found(...values(51).map((value) => team(value)))),
  ]).toEqual(['accepted', 'FilterLimitExceeded', 'accepted', 'FilterLimitExceeded']);
});

test('A filter that the operation does not have is InvalidParameterValue.', async () => {
  expect(await refusalOf(found({ Name: 'colour', Values: ['red'] }))).toBe('InvalidParameterValue');
});

test('A page of fewer than 5 or more than 1,000 items, or after a token that was not given out, is InvalidParameterValue.', async () => {
  const page = (request: { readonly MaxResults?: number; readonly NextToken?: string }): Promise<string> =>
    refusalOf(session.ec2.send(new DescribeInstancesCommand(request)));
  expect([
    await page({ MaxResults: 4 }),
    await page({ MaxResults: 5 }),
    await page({ MaxResults: 1000 }),
    await page({ MaxResults: 1001 }),
    await page({ NextToken: 'made up' }),
  ]).toEqual(['InvalidParameterValue', 'accepted', 'accepted', 'InvalidParameterValue', 'InvalidParameterValue']);
});
