import { expect, test } from '@jest/globals';
import { dataMountsOf } from '../../src/template/data-mounts.js';

test('S3 mounts are kept as bucket and place; whatever has another shape is left to ParallelCluster', () => {
  const s3_mounts = [
    { bucket: 'genomes', mount_point: '/data/genomes', read_only: true },
    { bucket: 'scratch', mount_point: 'relative' },
    { bucket: '', mount_point: '/nothing' },
    'scratch:/scratch',
    { bucket: 'results', mount_point: '/results' },
  ];
  expect(dataMountsOf({ s3_mounts, efs: [] })).toEqual(['genomes:/data/genomes', 'results:/results']);
  for (const data of [undefined, null, 7, [], { s3_mounts: 'all' }, { efs: [] }])
    expect(dataMountsOf(data)).toEqual([]);
});
