import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseImageCalls } from '../../src/aws/base-images.js';
import { createClients } from '../../src/aws/clients.js';
import { imageDescriber } from '../../src/aws/describe-image.js';
import { readJournal } from '../scenarios/journal.js';
import { openRig, REGION, type Rig } from '../scenarios/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const alias = (name: string) => ({ kind: 'alias', alias: name }) as const;
const PARAMETERS = ['al2023', 'al2', 'ubuntu-24.04', 'ubuntu-22.04', 'debian-12', 'dlami-al2023', 'ecs-al2023'];

test('every base with a public parameter is looked up once, ten in a request; what does not exist is named', async () => {
  const clients = createClients(REGION, {});
  const { resolveBase } = baseImageCalls(clients, REGION, imageDescriber(clients));
  const asked = [...PARAMETERS, ...PARAMETERS].map((name) => resolveBase(alias(name), 'x86_64'));
  expect(new Set((await Promise.all(asked)).map(({ imageId }) => imageId)).size).toBe(1);
  await resolveBase(alias('al2023'), 'x86_64');
  await expect(resolveBase(alias('al2023'), 'arm64')).rejects.toThrow(
    'the base "al2023" has no arm64 image in us-west-2 (there is no parameter /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64)',
  );
  await expect(resolveBase(alias('rocky-9'), 'x86_64')).rejects.toThrow(
    'the base "rocky-9" has no x86_64 image in us-west-2 (792107900819 has none that is Rocky-9-EC2-Base-*)',
  );
  const journal = await readJournal(rig.sandbox.control);
  expect(journal.map(({ operation }) => operation)).toEqual(['GetParameters', 'GetParameters', 'DescribeImages']);
});
