import type { ImageRecord } from '../src/images/image-record.js';

/** A validated image, but for what a test says otherwise. */
export function image(parts: Partial<ImageRecord> & Pick<ImageRecord, 'layer' | 'templateHash'>): ImageRecord {
  return {
    imageId: `ami-${parts.layer}`,
    name: `${parts.layer}-x86_64-${parts.templateHash.slice(0, 12)}`,
    region: 'us-west-2',
    availability: 'available',
    state: 'available',
    stateReason: undefined,
    snapshots: [],
    architecture: 'x86_64',
    version: undefined,
    validationHash: 'same',
    buildState: 'validated',
    latest: false,
    parentLayer: undefined,
    baseAmi: 'ami-base',
    buildSeconds: 60,
    created: '2026-11-01T00:00:00.000Z',
    runId: '1',
    scope: 'o/r',
    trust: 'main',
    tags: {},
    ...parts,
  };
}
