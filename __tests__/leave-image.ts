import {
  CopyImageCommand,
  DescribeImagesCommand,
  RegisterImageCommand,
  waitUntilImageAvailable,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { imageTags, LATEST_TAG, verdictTags } from '../src/images/tags.js';
import type { PlanItem } from '../src/plan/build-plan.js';
import type { RunIdentity } from '../src/run-identity.js';

export interface LeftImage {
  /** What built it. */
  readonly run: RunIdentity;
  readonly buildSeconds?: number;
  readonly latest?: boolean;
}

/** An image as a run that built and validated the layer would have left it. Its disk is that of a vendor image. */
export async function leaveImage(
  item: PlanItem,
  { run, buildSeconds = 60, latest = false }: LeftImage,
  ec2: EC2Client,
): Promise<string> {
  const tags = {
    ...imageTags({
      run,
      layer: item.node.layer.name,
      version: undefined,
      architecture: item.architecture,
      templateHash: item.templateHash,
      validationHash: item.validationHash,
      inputs: item.inputs,
      templatePath: item.node.layer.templatePath,
      dataMounts: [],
      parentLayer: item.node.parent,
      baseAmi: 'ami-parent',
      root: { imageId: 'ami-root', reference: 'al2023' },
      trust: run.trust,
      depth: item.node.depth,
      reason: 'a test',
      buildSeconds,
      buildCostUsd: undefined,
      created: '2026-11-01T00:00:00.000Z',
      displayName: item.node.layer.name,
      userTags: {},
    }),
    ...verdictTags('validated', item.validationHash, { commandId: 'none', instanceId: 'none' }),
    ...(latest ? { [LATEST_TAG]: 'true' } : {}),
  };
  const { ImageId = '' } = await ec2.send(
    new RegisterImageCommand({
      Name: item.imageName,
      Architecture: item.architecture,
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: await ownSnapshot(ec2) } }],
      TagSpecifications: [
        { ResourceType: 'image', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  return ImageId;
}

const snapshots = new WeakMap<EC2Client, Promise<string>>();

/** Of a copy: what a vendor has belongs to the vendor. */
function ownSnapshot(ec2: EC2Client): Promise<string> {
  const known = snapshots.get(ec2);
  if (known !== undefined) return known;
  const made = copyVendorImage(ec2);
  snapshots.set(ec2, made);
  return made;
}

async function copyVendorImage(ec2: EC2Client): Promise<string> {
  const { Images: vendors = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const SourceRegion = await ec2.config.region();
  const copy = { Name: 'a disk of our own', SourceImageId: vendors[0]?.ImageId, SourceRegion };
  const { ImageId = '' } = await ec2.send(new CopyImageCommand(copy));
  await waitUntilImageAvailable({ client: ec2, maxWaitTime: 30, minDelay: 1 }, { ImageIds: [ImageId] });
  const { Images: [made] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
  return made?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
}
