import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openClouds } from '../../src/aws/open-clouds.js';
import { assumeRole } from '../../src/aws/web-identity.js';
import { fetchIdToken } from '../../src/github/id-token.js';
import { systemClock } from '../../src/lib/clock.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';

const directory = mkdtempSync(join(tmpdir(), 'ami-layers-sts-'));
const asked: string[] = [];
let sandbox: Sandbox;
let server: Server;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  sandbox = await startSandbox({ directory });
  Object.assign(process.env, sandbox.environment);
  // GitHub's token endpoint, as the runner gives it to a job.
  server = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`);
    void sandbox.control.identityToken('repo:owner/name').then((value) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ value }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'the-job',
  };
});

afterAll(async () => {
  server.close();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const identity = (secrets: string[] = [], roleArn = 'arn:aws:iam::123456789012:role/images') => ({
  roleArn,
  sessionName: 'ami-layers-7',
  durationSeconds: 3600,
  region: 'us-west-2',
  fetchToken: () => fetchIdToken(env, 'sts.amazonaws.com'),
  onSecret: (secret: string) => secrets.push(secret),
});

test('a session is shared by all who ask, and renewed with a new token five minutes before it ends', async () => {
  let ahead = 0;
  const secrets: string[] = [];
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const credentials = assumeRole(identity(secrets), clock);
  const before = asked.length;

  const [first, second] = await Promise.all([credentials(), credentials()]);
  expect(second).toBe(first);
  expect(asked.slice(before)).toEqual(['Bearer the-job /token?api-version=2.0&audience=sts.amazonaws.com']);
  expect(secrets).toEqual([first.secretAccessKey, first.sessionToken]);

  ahead = 54 * 60_000;
  expect(await credentials()).toBe(first);
  ahead = 56 * 60_000;
  expect(await credentials()).not.toBe(first);
  expect(asked).toHaveLength(before + 2);
});

test('AWS is asked with the credentials of the role', async () => {
  const cloudIn = await openClouds({
    scope: 'local',
    calls: {},
    clock: systemClock,
    identity: identity(),
    proxyFor: undefined,
  });
  expect(await cloudIn('us-west-2').listImages()).toEqual([]);
});

test('a job that may not ask for tokens is told which permission is missing', async () => {
  const without = { ...identity(), fetchToken: () => fetchIdToken({}, 'sts.amazonaws.com') };
  const cloudIn = await openClouds({
    scope: 'local',
    calls: {},
    clock: systemClock,
    identity: without,
    proxyFor: undefined,
  });
  await expect(cloudIn('us-west-2').listImages()).rejects.toMatchObject({
    name: 'CloudFailure',
    code: 'NoIdToken',
    message: 'AssumeRoleWithWebIdentity: this job may not ask GitHub for a token (NoIdToken)',
    fix: 'give the job `permissions: id-token: write`; runs for forks never have it.',
  });
});

test('a role that cannot be assumed is named with what its trust policy needs, and asking again tries again', async () => {
  const credentials = assumeRole(identity([], 'not-an-arn'), systemClock);
  const refusal = {
    name: 'CloudFailure',
    code: 'ValidationError',
    fix: expect.stringContaining('trust policy') as unknown,
  };
  await expect(credentials()).rejects.toMatchObject(refusal);
  const before = asked.length;
  await expect(credentials()).rejects.toMatchObject(refusal);
  expect(asked).toHaveLength(before + 1);
});
