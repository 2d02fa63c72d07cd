import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { registerImage, snapshotOf } from '../sandbox/support/stored-image.js';
import { imageOf, outcomes } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('every volume of a base ends with the instances that are launched from it, and is encrypted where the layer is', async () => {
  const vendor = rig.project({ 'templates/vendor.yaml': 'provision: [{run: echo vendor}]\n' });
  const snapshot = await snapshotOf(rig.ec2, imageOf((await vendor.build()).report, 'vendor'));
  const base = await registerImage(rig.ec2, snapshot, {
    Name: 'a base with data volumes',
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } },
      { DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshot, VolumeSize: 12, DeleteOnTermination: false } },
      { DeviceName: '/dev/sdg', Ebs: { SnapshotId: snapshot, DeleteOnTermination: false } },
    ],
  });
  const project = rig.project({
    'templates/plain.yaml': `base: ${base}\nprovision: [{run: echo plain}]\n`,
    'templates/secret.yaml': `base: ${base}\nencrypt: {kms_key: alias/ours}\nprovision: [{run: echo secret}]\n`,
  });
  // That no volume is left, every run checks when it ends.
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({ plain: 'built', secret: 'built' });
  const volumesOf = async (layer: string): Promise<unknown> => {
    const { Images } = await rig.ec2.send(new DescribeImagesCommand({ ImageIds: [imageOf(report, layer)] }));
    return Images?.[0]?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [
      DeviceName,
      Ebs?.VolumeSize,
      Ebs?.DeleteOnTermination,
      Ebs?.Encrypted,
    ]);
  };
  expect(await volumesOf('plain')).toEqual([
    ['/dev/xvda', 8, true, false],
    ['/dev/sdf', 12, true, false],
    ['/dev/sdg', 8, true, false],
  ]);
  expect(await volumesOf('secret')).toEqual([
    ['/dev/xvda', 8, true, true],
    ['/dev/sdf', 12, true, true],
    ['/dev/sdg', 8, true, true],
  ]);
});
