import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterRequest,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MACHINE_ARCHITECTURE } from '../../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { refusalOf } from '../support/account-client.js';
import { openSession } from '../support/session.js';

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-parameters-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

const put = (Name: string, Value: string, more: Partial<PutParameterRequest> = {}): Promise<unknown> =>
  session.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));

/** Where AWS and its partners publish their images' ids: one of each. */
function publicNames(architecture: string): readonly string[] {
  const debian = architecture === 'arm64' ? 'arm64' : 'amd64';
  const ecs = architecture === 'arm64' ? 'arm64/' : '';
  return [
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    `/aws/service/canonical/ubuntu/server/24.04/stable/current/${debian}/hvm/ebs-gp3/ami-id`,
    `/aws/service/debian/release/12/latest/${debian}`,
    `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id`,
    `/aws/service/ecs/optimized-ami/amazon-linux-2023/${ecs}recommended/image_id`,
  ];
}

test('AWS’s public parameters answer the base image of their Region.', async () => {
  for (const region of ['us-west-2', 'eu-central-1']) {
    const { ec2, ssm } = openSession(sandbox, region);
    const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
    const Names = [...publicNames(MACHINE_ARCHITECTURE)];
    const { Parameters, InvalidParameters } = await ssm.send(new GetParametersCommand({ Names }));
    expect(Parameters?.map(({ Name, Value }) => [Name, Value])).toEqual(
      Names.map((name) => [name, Images?.[0]?.ImageId]),
    );
    expect(InvalidParameters).toEqual([]);
  }
});

test('Public parameters of the other architecture are ParameterNotFound.', async () => {
  const names = publicNames(MACHINE_ARCHITECTURE === 'arm64' ? 'x86_64' : 'arm64');
  const refusals = names.map((Name) => refusalOf(session.ssm.send(new GetParameterCommand({ Name }))));
  expect(await Promise.all(refusals)).toEqual(names.map(() => 'ParameterNotFound'));
});

test('PutParameter without Overwrite is ParameterAlreadyExists, and with it makes the next version.', async () => {
  await put('/put/again', 'one');
  expect(await refusalOf(put('/put/again', 'two'))).toBe('ParameterAlreadyExists');
  expect(await put('/put/again', 'two', { Overwrite: true })).toMatchObject({ Version: 2, Tier: 'Standard' });
  const { Parameter } = await session.ssm.send(new GetParameterCommand({ Name: '/put/again' }));
  expect(Parameter).toMatchObject({ Value: 'two', Version: 2 });
});

test('A name with a colon and a number is that version of the parameter, or ParameterVersionNotFound.', async () => {
  await put('/versions/of', 'one');
  await put('/versions/of', 'two', { Overwrite: true });
  const read = (Name: string): Promise<unknown> =>
    session.ssm.send(new GetParameterCommand({ Name })).then(({ Parameter }) => Parameter);
  expect(await read('/versions/of:1')).toMatchObject({
    Name: '/versions/of',
    Value: 'one',
    Version: 1,
    Selector: ':1',
  });
  expect(await read('/versions/of:2')).toMatchObject({ Value: 'two', Version: 2, Selector: ':2' });
  expect(await refusalOf(read('/versions/of:3'))).toBe('ParameterVersionNotFound');
  const Names = ['/versions/of:1', '/versions/of:3'];
  const { Parameters, InvalidParameters } = await session.ssm.send(new GetParametersCommand({ Names }));
  expect(Parameters).toMatchObject([{ Value: 'one' }]);
  expect(InvalidParameters).toEqual(['/versions/of:3']);
});

test('The 100 newest versions of a parameter are kept.', async () => {
  await put('/versions/many', '1');
  for (let version = 2; version <= 101; version += 1) await put('/versions/many', `${version}`, { Overwrite: true });
  const read = async (version: number): Promise<string> =>
    refusalOf(session.ssm.send(new GetParameterCommand({ Name: `/versions/many:${version}` })));
  expect([await read(1), await read(2), await read(101)]).toEqual(['ParameterVersionNotFound', 'accepted', 'accepted']);
});

test('A parameter of data type aws:ec2:image takes only the id of an image that is there.', async () => {
  const image = (Name: string, id: string): Promise<string> => refusalOf(put(Name, id, { DataType: 'aws:ec2:image' }));
  expect({
    there: await image('/images/there', await session.baseImage()),
    unknown: await image('/images/unknown', 'ami-0123456789abcdef0'),
    text: await image('/images/text', 'not an id'),
  }).toEqual({ there: 'accepted', unknown: 'ValidationException', text: 'ValidationException' });
});

test('The value of a SecureString is readable WithDecryption only.', async () => {
  await put('/secret/word', 'swordfish', { Type: 'SecureString' });
  const read = async (WithDecryption: boolean): Promise<string | undefined> =>
    (await session.ssm.send(new GetParameterCommand({ Name: '/secret/word', WithDecryption }))).Parameter?.Value;
  expect(await read(true)).toBe('swordfish');
  expect(await read(false)).not.toContain('swordfish');
});

test('GetParametersByPath goes one level down, or all the way with Recursive.', async () => {
  for (const name of ['/path/a', '/path/b', '/path/b/c', '/pathological']) await put(name, 'x');
  const below = async (Recursive: boolean): Promise<readonly (string | undefined)[] | undefined> => {
    const request = { Path: '/path', Recursive };
    return (await session.ssm.send(new GetParametersByPathCommand(request))).Parameters?.map(({ Name }) => Name);
  };
  expect([await below(false), await below(true)]).toEqual([
    ['/path/a', '/path/b'],
    ['/path/a', '/path/b', '/path/b/c'],
  ]);
});
