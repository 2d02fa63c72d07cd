import {
  CreateImageCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  paginateDescribeImages,
  type DeleteSnapshotReturnCode,
  type DescribeImagesCommandInput,
  type Image,
} from '@aws-sdk/client-ec2';
import type { Cloud, KeptSnapshot } from '../build/cloud.js';
import type { ImageRecord } from '../images/image-record.js';
import { LATEST_TAG, MANAGED_TAG, TEMPLATE_HASH_TAG, readImage } from '../images/tags.js';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { asked, codeOf } from './failure.js';
import { fromTagList, toTagList } from './tag-list.js';

type ImageCalls = Pick<
  Cloud,
  'findImages' | 'listImages' | 'findNamed' | 'createImage' | 'deregisterImage' | 'snapshotProgress' | 'tag' | 'untag'
>;

/** EC2 takes at most 200 values in one filter (EC2 User Guide, "List and filter your resources"). */
const VALUES_PER_FILTER = 200;

/** EC2 takes at most 1000 resources in one CreateTags (EC2 API reference). */
const RESOURCES_PER_TAGGING = 1000;

export function imageCalls({ ec2 }: Clients, region: string): ImageCalls {
  const own = async (filters: NonNullable<DescribeImagesCommandInput['Filters']>): Promise<readonly ImageRecord[]> =>
    asked('DescribeImages', async () => {
      const records: ImageRecord[] = [];
      const request = { Owners: ['self'], Filters: filters };
      for await (const page of paginateDescribeImages({ client: ec2, pageSize: 1000 }, request)) {
        for (const image of page.Images ?? []) records.push(...recordOf(image, region));
      }
      return records;
    });

  return {
    findImages: async (templateHashes) => {
      const answers: ImageRecord[] = [];
      for (const values of chunk(templateHashes, VALUES_PER_FILTER)) {
        answers.push(...(await own([{ Name: `tag:${TEMPLATE_HASH_TAG}`, Values: values }])));
      }
      return answers;
    },

    listImages: ({ latest } = { latest: false }) =>
      own([{ Name: `tag:${latest ? LATEST_TAG : MANAGED_TAG}`, Values: ['true'] }]),

    findNamed: (name) =>
      asked('DescribeImages', async () => {
        const filters = [{ Name: 'name', Values: [name] }];
        const answer = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: filters }));
        const [image] = answer.Images ?? [];
        return image === undefined ? undefined : { image: recordOf(image, region)[0] };
      }),

    createImage: ({ instanceId, name, description, tags }) =>
      asked('CreateImage', async () => {
        const list = toTagList(tags);
        const answer = await ec2.send(
          new CreateImageCommand({
            InstanceId: instanceId,
            Name: name,
            Description: description,
            TagSpecifications: [
              { ResourceType: 'image', Tags: list },
              { ResourceType: 'snapshot', Tags: list },
            ],
          }),
        );
        if (answer.ImageId === undefined) throw new Error('CreateImage answered without an image');
        return answer.ImageId;
      }),

    deregisterImage: async (imageId) => {
      try {
        const request = new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true });
        const answer = await asked('DeregisterImage', () => ec2.send(request));
        return (answer.DeleteSnapshotResults ?? []).flatMap(keptSnapshot);
      } catch (error) {
        if (codeOf(error) !== 'InvalidAMIID.NotFound' && codeOf(error) !== 'InvalidAMIID.Unavailable') throw error;
        return [];
      }
    },

    snapshotProgress: (snapshotIds) =>
      asked('DescribeSnapshots', async () => {
        // A filter: an id that is too new would fail the whole request.
        const filters = [{ Name: 'snapshot-id', Values: snapshotIds.slice(0, VALUES_PER_FILTER) }];
        const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ Filters: filters }));
        return new Map(
          Snapshots.flatMap(({ SnapshotId, Progress }) => {
            const percent = Number.parseInt(Progress ?? '', 10);
            return SnapshotId === undefined || Number.isNaN(percent) ? [] : [[SnapshotId, percent] as const];
          }),
        );
      }),

    tag: async (ids, tags) => {
      for (const resources of chunk(ids, RESOURCES_PER_TAGGING)) {
        const request = new CreateTagsCommand({ Resources: resources, Tags: toTagList(tags) });
        await asked('CreateTags', () => ec2.send(request));
      }
    },

    untag: async (ids, keys) => {
      for (const resources of chunk(ids, RESOURCES_PER_TAGGING)) {
        const request = new DeleteTagsCommand({ Resources: resources, Tags: keys.map((Key) => ({ Key })) });
        await asked('DeleteTags', () => ec2.send(request));
      }
    },
  };
}

function recordOf(image: Image, region: string): readonly ImageRecord[] {
  if (image.ImageId === undefined) return [];
  const record = readImage({
    imageId: image.ImageId,
    name: image.Name ?? '',
    region,
    state: image.State ?? 'invalid',
    stateReason: image.StateReason?.Message,
    creationDate: image.CreationDate ?? '',
    snapshots: snapshotsOf(image),
    tags: fromTagList(image.Tags),
  });
  return record === undefined ? [] : [record];
}

/** A snapshot is deleted apart from its image, and says apart how that went (SDK SnapshotReturnCodes). */
function keptSnapshot({ SnapshotId, ReturnCode }: DeleteSnapshotReturnCode): readonly KeptSnapshot[] {
  if (SnapshotId === undefined || ReturnCode === 'success') return [];
  return [{ snapshotId: SnapshotId, why: ReturnCode ?? 'EC2 does not say' }];
}

function snapshotsOf(image: Image): readonly string[] {
  return (image.BlockDeviceMappings ?? []).flatMap((mapping) => mapping.Ebs?.SnapshotId ?? []);
}
