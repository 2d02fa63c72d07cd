import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EBSClient, ListSnapshotBlocksCommand } from '@aws-sdk/client-ebs';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request as sendHttp } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { refusalOf } from './support/account-client.js';
import { assumeRole } from './support/assume-role.js';
import { credentialsOf, type Credentials } from './support/credentials-of.js';
import { REGION } from './support/session.js';
import { signRequest, type Unsigned } from './support/sign-request.js';

const ROLE = 'arn:aws:iam::210987654321:role/builder';
const MINUTE_MS = 60_000;
const WHO = 'Action=GetCallerIdentity&Version=2011-06-15';

let directory: string;
let other: string;
let sandbox: Sandbox;
let own: Credentials;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  other = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  own = credentialsOf(sandbox);
});

afterAll(async () => {
  await sandbox.stop();
  for (const one of [directory, other]) rmSync(one, { recursive: true });
});

/** What each service says to these credentials. */
async function callAll(credentials: Credentials): Promise<readonly string[]> {
  const config = { endpoint: sandbox.endpoint, region: REGION, credentials, maxAttempts: 1 };
  const snapshot = new ListSnapshotBlocksCommand({ SnapshotId: 'snap-0123456789abcdef0', MaxResults: 100 });
  return Promise.all([
    refusalOf(new EC2Client(config).send(new DescribeInstancesCommand({}))),
    refusalOf(new SSMClient(config).send(new GetParametersCommand({ Names: ['/none'] }))),
    refusalOf(new STSClient(config).send(new GetCallerIdentityCommand({}))),
    refusalOf(new EBSClient(config).send(snapshot)),
  ]);
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly path?: string;
}

/** Status, and the error's code or the first words of an answer. Not fetch, which writes a Host of its own. */
function send({ headers, body = WHO, path: url = '/' }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = sendHttp(new URL(url, sandbox.endpoint), { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const code = (/<Code>(\w+)</.exec(text) ?? /"__type":"(\w+)"/.exec(text))?.[1];
        resolve(`${response.statusCode} ${code ?? (response.statusCode === 200 ? 'OK' : text)}`);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const signed = (more: Partial<Unsigned> = {}): Promise<Readonly<Record<string, string>>> =>
  signRequest({ endpoint: sandbox.endpoint, scope: `sts/${REGION}`, credentials: own, body: WHO, ...more });

const REFUSED = ['AuthFailure', 'UnrecognizedClientException', 'InvalidClientTokenId', 'UnrecognizedClientException'];
const MISMATCH = ['AuthFailure', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'InvalidSignatureException'];
const ADMITTED = ['accepted', 'accepted', 'accepted', 'ResourceNotFoundException'];

test('Only who has a key of this sandbox and its secret is answered, in every service.', async () => {
  expect(await callAll(own)).toEqual(ADMITTED);
  expect(await callAll({ ...own, secretAccessKey: 'sandbox' })).toEqual(MISMATCH);
  expect(await callAll({ accessKeyId: 'AKIASANDBOX000000000', secretAccessKey: 'sandbox' })).toEqual(REFUSED);
  const stranger = await startSandbox({ directory: other });
  const theirs = credentialsOf(stranger);
  await stranger.stop();
  expect(theirs.secretAccessKey).not.toBe(own.secretAccessKey);
  expect(await callAll({ ...own, secretAccessKey: theirs.secretAccessKey })).toEqual(MISMATCH);
  expect((await callAll(theirs)).includes('accepted')).toBe(false);
});

test('Temporary credentials are good with their own secret and their own session token alone.', async () => {
  const role = await assumeRole(sandbox, ROLE);
  expect(await callAll(role)).toEqual(ADMITTED);
  expect(await callAll({ ...role, secretAccessKey: own.secretAccessKey })).toEqual(MISMATCH);
  const [kind, content = '', seal] = role.sessionToken.split('.');
  const session = JSON.parse(Buffer.from(content, 'base64url').toString()) as { expiresAt: number };
  const longer = Buffer.from(JSON.stringify({ ...session, expiresAt: session.expiresAt * 2 })).toString('base64url');
  expect(await callAll({ ...role, sessionToken: [kind, longer, seal].join('.') })).toEqual(REFUSED);
  const another = await assumeRole(sandbox, ROLE);
  await sandbox.control.advance(1000);
  const later = await assumeRole(sandbox, ROLE);
  expect(await callAll({ ...another, sessionToken: later.sessionToken })).toEqual(MISMATCH);
  const { sessionToken: _, ...without } = role;
  expect(await callAll(without)).toEqual(REFUSED);
});

test('A web identity token that the sandbox did not give out is InvalidIdentityToken.', async () => {
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: REGION });
  const good = await sandbox.control.identityToken('repo:owner/name');
  const assume = (WebIdentityToken: string): Promise<string> =>
    refusalOf(
      sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: 'run-1', WebIdentityToken })),
    );
  const { sessionToken } = await assumeRole(sandbox, ROLE);
  expect([
    await assume(good),
    await assume('a token'),
    await assume(`${good}x`),
    await assume(good.replace(/^\w+\.\w/, 'identity.A')),
    await assume(sessionToken),
  ]).toEqual([
    'accepted',
    'InvalidIdentityTokenException',
    'InvalidIdentityTokenException',
    'InvalidIdentityTokenException',
    'InvalidIdentityTokenException',
  ]);
});

test('A request is as it was signed, whole, or SignatureDoesNotMatch.', async () => {
  expect(await send({ headers: await signed() })).toBe('200 OK');
  expect(await send({ headers: await signed(), body: 'Action=DescribeInstances' })).toBe('403 SignatureDoesNotMatch');
  expect(await send({ headers: await signed(), path: '/?Action=GetCallerIdentity' })).toBe('403 SignatureDoesNotMatch');
  expect(await send({ headers: { ...(await signed()), host: 'localhost:1' } })).toBe('403 SignatureDoesNotMatch');
  const other = (await signed()).authorization?.replace(REGION, 'eu-central-1') ?? '';
  expect(await send({ headers: { ...(await signed()), authorization: other } })).toBe('403 SignatureDoesNotMatch');
  const digest = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  expect(await send({ headers: await signed({ headers: digest }) })).toBe('403 SignatureDoesNotMatch');
});

test('A request without a signature, or with a part of one, is refused as incomplete.', async () => {
  const { authorization = '', 'x-amz-date': date = '', host = '' } = await signed();
  const target = { 'x-amz-target': 'AmazonSSM.ListCommands' };
  expect([
    await send({ headers: {} }),
    await send({ headers: { authorization: 'Basic dXNlcjpwYXNz' } }),
    await send({ headers: { host, 'x-amz-date': date, authorization: authorization.replace(/, Signature=.*/, '') } }),
    await send({ headers: { host, authorization } }),
    await send({ headers: { host, 'x-amz-date': date, authorization: authorization.replace('host;', '') } }),
    await send({ headers: { ...(await signed()), ...target } }),
  ]).toEqual([
    '403 MissingAuthenticationToken',
    '400 IncompleteSignature',
    '400 IncompleteSignature',
    '403 IncompleteSignature',
    '403 IncompleteSignature',
    '403 IncompleteSignature',
  ]);
});

test('A signature is good for five minutes before and after, in the machine’s time or the sandbox’s.', async () => {
  const at = async (minutes: number): Promise<string> =>
    send({ headers: await signed({ date: new Date(Date.now() + minutes * MINUTE_MS) }) });
  const ago = { scope: `ec2/${REGION}`, body: 'Action=DescribeInstances', date: new Date(Date.now() - 6 * MINUTE_MS) };
  expect([await at(-4), await at(4), await at(-6), await at(6), await at(-100_000)]).toEqual([
    '200 OK',
    '200 OK',
    '403 SignatureDoesNotMatch',
    '403 SignatureDoesNotMatch',
    '403 SignatureDoesNotMatch',
  ]);
  expect(await send({ headers: await signed(ago), body: ago.body })).toBe('400 RequestExpired');
  await sandbox.control.advance(120 * MINUTE_MS);
  expect([await at(0), await at(118), await at(126)]).toEqual(['200 OK', '200 OK', '403 SignatureDoesNotMatch']);
});

test('A request under another machine’s name, or from a web page, is answered with 403 before anything else.', async () => {
  const port = new URL(sandbox.endpoint).port;
  const under = async (host: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const headers = await signed({ endpoint: `http://${host}` });
    return send({ headers: { ...headers, ...more } });
  };
  expect([
    await under(`127.0.0.1:${port}`),
    await under(`localhost:${port}`),
    await under(`[::1]:${port}`),
    await under(`ec2.us-west-2.amazonaws.com`),
  ]).toEqual(['200 OK', '200 OK', '200 OK', '200 OK']);
  const name = '403 the Host header names another machine';
  expect([
    await under(`evil.example:${port}`),
    await under(`127.0.0.1.evil.example:${port}`),
    await under('localhost.evil.example'),
    await under(`192.0.2.1:${port}`),
    await under('evil.example.s3.amazonaws.com'),
  ]).toEqual([name, name, name, name, name]);
  const page = '403 web pages may not ask';
  const local = `localhost:${port}`;
  expect([
    await under(local, { origin: 'https://evil.example' }),
    await under(local, { origin: 'null' }),
    await under(local, { origin: `http://${local}` }),
    await under(local, { 'sec-fetch-site': 'cross-site' }),
    await under(local, { referer: 'https://evil.example/' }),
  ]).toEqual([page, page, page, page, page]);
});

test('Control wants the token of daemon.json, which its owner alone can read.', async () => {
  const call = (headers: Readonly<Record<string, string>>): Promise<string> =>
    send({ headers, path: '/_sandbox/reset', body: '{}' });
  await sandbox.control.addFault({ kind: 'expired-credentials', accessKeyId: 'nobody' });
  expect([
    await call({}),
    await call({ 'x-sandbox-token': '' }),
    await call({ 'x-sandbox-token': own.secretAccessKey }),
    await call(await signed()),
    await call({ host: 'evil.example' }),
    await call({ origin: 'https://evil.example' }),
  ]).toEqual([
    '403 wrong token',
    '403 wrong token',
    '403 wrong token',
    '403 wrong token',
    '403 the Host header names another machine',
    '403 web pages may not ask',
  ]);
  expect((await sandbox.control.status()).faults).toHaveLength(1);
  expect((statSync(path.join(directory, 'daemon.json')).mode & 0o777).toString(8)).toBe('600');
});
