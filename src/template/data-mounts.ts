import { z } from 'zod';

/** One entry of `data.s3_mounts`; what else ParallelCluster says of it does not matter here. */
const mount = z.object({ bucket: z.string().min(1), mount_point: z.string().startsWith('/') });

const mounts = z.object({ s3_mounts: z.array(z.unknown()) });

/**
 * The mounts that a ParallelCluster template asks for, as `bucket:/where`: for whoever launches the image. What has
 * another shape is left to ParallelCluster.
 */
export function dataMountsOf(data: unknown): readonly string[] {
  if (data === undefined) return [];
  return (mounts.safeParse(data).data?.s3_mounts ?? []).flatMap((entry) => {
    const { data: found } = mount.safeParse(entry);
    return found === undefined ? [] : [`${found.bucket}:${found.mount_point}`];
  });
}
