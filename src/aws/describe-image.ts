import { DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2';
import type { Clients } from './clients.js';
import { asked } from './failure.js';

/** What EC2 says of an image that can be launched; empty for one that it does not show. */
export type DescribeImage = (imageId: string) => Promise<Image>;

/** Each image is asked about once: what launches and the count of blocks want of it never changes. */
export function imageDescriber({ ec2 }: Pick<Clients, 'ec2'>): DescribeImage {
  const known = new Map<string, Promise<Image>>();
  const describe = async (imageId: string): Promise<Image> => {
    const answer = await asked('DescribeImages', () => ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] })));
    const [image] = answer.Images ?? [];
    if (image === undefined) known.delete(imageId);
    return image ?? {};
  };
  return (imageId) => {
    const before = known.get(imageId);
    if (before !== undefined) return before;
    const found = describe(imageId);
    known.set(imageId, found);
    found.catch(() => known.delete(imageId));
    return found;
  };
}
