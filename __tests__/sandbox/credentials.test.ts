import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { assumeRole } from './support/assume-role.js';
import { credentialsOf, type Credentials } from './support/credentials-of.js';
import { REGION } from './support/session.js';

const ROLE = 'arn:aws:iam::210987654321:role/builder';

let directory: string;
let sandbox: Sandbox;
let own: Credentials;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  own = credentialsOf(sandbox);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** A call of each service with the same credentials: `OK`, or what the error says. */
async function callAll(credentials: Credentials): Promise<readonly string[]> {
  const config = { endpoint: sandbox.endpoint, region: REGION, credentials, maxAttempts: 1 };
  const calls = [
    new EC2Client(config).send(new DescribeInstancesCommand({})),
    new SSMClient(config).send(new GetParametersCommand({ Names: ['/none'] })),
    new STSClient(config).send(new GetCallerIdentityCommand({})),
  ];
  return Promise.all(
    calls.map((call) =>
      call.then(
        () => 'OK',
        (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
      ),
    ),
  );
}

const EXPIRED = [
  'RequestExpired: Request has expired.',
  'ExpiredTokenException: The security token included in the request is expired',
  'ExpiredToken: The security token included in the request is expired',
];

test('Temporary credentials are those of the role, and expire by the sandbox’s clock, in each service’s own words.', async () => {
  const credentials = await assumeRole(sandbox, ROLE);
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: REGION, credentials });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '210987654321',
    Arn: 'arn:aws:sts::210987654321:assumed-role/builder/run-1',
  });
  await sandbox.control.advance(3_000_000);
  expect(await callAll(credentials)).toEqual(['OK', 'OK', 'OK']);
  await sandbox.control.advance(600_000);
  expect(await callAll(credentials)).toEqual(EXPIRED);
  expect(await callAll(await assumeRole(sandbox, ROLE))).toEqual(['OK', 'OK', 'OK']);
});

test('A session token of other credentials is refused.', async () => {
  const { sessionToken } = await assumeRole(sandbox, ROLE);
  expect((await callAll({ ...own, sessionToken })).map((said) => said.split(':')[0])).toEqual([
    'AuthFailure',
    'UnrecognizedClientException',
    'InvalidClientTokenId',
  ]);
});

test('Any credentials can be made to expire.', async () => {
  await sandbox.control.addFault({ kind: 'expired-credentials', accessKeyId: own.accessKeyId });
  expect(await callAll(own)).toEqual(EXPIRED);
  expect(await callAll(await sandbox.control.accessKey('210987654321'))).toEqual(['OK', 'OK', 'OK']);
  expect((await sandbox.control.status()).faults).toEqual([
    { fault: { kind: 'expired-credentials', accessKeyId: own.accessKeyId }, seen: 0 },
  ]);
  await sandbox.control.clearFaults();
  expect(await callAll(own)).toEqual(['OK', 'OK', 'OK']);
});

test('Too many calls are refused in each service’s own words.', async () => {
  const none = { burst: 0, perSecond: 1 };
  const limits = { DescribeInstances: none, GetParameters: none, GetCallerIdentity: none };
  await sandbox.control.setThrottling({ kind: 'on', limits });
  expect(await callAll(own)).toEqual([
    'RequestLimitExceeded: Request limit exceeded.',
    'ThrottlingException: Rate exceeded',
    'Throttling: Rate exceeded',
  ]);
  await sandbox.control.setThrottling({ kind: 'off' });
  expect(await callAll(own)).toEqual(['OK', 'OK', 'OK']);
});
