import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseImageCalls } from '../../src/aws/base-images.js';
import { createClients } from '../../src/aws/clients.js';
import { imageDescriber } from '../../src/aws/describe-image.js';
import { registerImage, snapshotOf } from '../sandbox/support/stored-image.js';
import { readJournal } from '../scenarios/journal.js';
import { imageOf } from '../scenarios/outcomes.js';
import { openRig, REGION, type Rig } from '../scenarios/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const alias = (name: string) => ({ kind: 'alias', alias: name }) as const;
const PARAMETERS = ['al2023', 'al2', 'ubuntu-24.04', 'ubuntu-22.04', 'debian-12', 'dlami-al2023', 'ecs-al2023'];

test('a search finds what boots on today’s instance types only, the newest first, however many were made at once', async () => {
  const clients = createClients(REGION, {});
  const vendor = rig.project({ 'templates/vendor.yaml': 'provision: [{run: echo vendor}]\n' });
  const snapshot = await snapshotOf(rig.ec2, imageOf((await vendor.build()).report, 'vendor'));
  const made = await Promise.all(['golden-1', 'golden-2'].map((Name) => registerImage(rig.ec2, snapshot, { Name })));
  await registerImage(rig.ec2, snapshot, { Name: 'golden-pv', VirtualizationType: 'paravirtual' });
  const { Images = [] } = await rig.ec2.send(new DescribeImagesCommand({ ImageIds: made }));
  const [newest] = Images.map((image) => `${image.CreationDate} ${image.ImageId}`)
    .toSorted()
    .reverse();
  const { resolveBase } = baseImageCalls(clients, REGION, imageDescriber(clients));
  const { imageId } = await resolveBase({ kind: 'search', owner: 'self', name: 'golden-*' }, 'x86_64');
  expect(imageId).toBe(newest?.split(' ')[1]);
  const asked = (await readJournal(rig.sandbox.control)).findLast(({ operation }) => operation === 'DescribeImages');
  expect(asked?.parameters).toMatchObject({
    Filters: [
      { Name: 'name', Values: ['golden-*'] },
      { Name: 'architecture', Values: ['x86_64'] },
      { Name: 'state', Values: ['available'] },
      { Name: 'root-device-type', Values: ['ebs'] },
      { Name: 'virtualization-type', Values: ['hvm'] },
    ],
  });
  await rig.sandbox.control.reset();
});

test('every base with a public parameter is looked up once, ten in a request; what does not exist is named', async () => {
  const clients = createClients(REGION, {});
  const before = (await readJournal(rig.sandbox.control)).length;
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
  const journal = (await readJournal(rig.sandbox.control)).slice(before);
  expect(journal.map(({ operation }) => operation)).toEqual(['GetParameters', 'GetParameters', 'DescribeImages']);
});
