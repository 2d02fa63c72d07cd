import type { ImageRecord } from '../state.js';

/** What every image starts with, whichever call makes it. */
export const NEW_IMAGE = {
  virtualizationType: 'hvm',
  enaSupport: true,
  rootDeviceName: '/dev/xvda',
  furtherVolumes: [],
  stateReason: undefined,
  launchPermissions: [],
  deprecatedAt: undefined,
  protection: { kind: 'off' },
  imdsSupport: undefined,
  lastLaunchedAt: undefined,
} as const satisfies Partial<ImageRecord>;
