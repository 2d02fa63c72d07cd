import { AMAZON_ACCOUNT_ID, fixedId, MACHINE_ARCHITECTURE } from '../account.js';
import { PLATFORM } from '../machine/platform.js';
import type { ImageRecord } from '../state.js';

/** When the base image says it was made: any fixed day will do, and the same one each time is easier on caches. */
const CREATED = Date.UTC(2026, 0, 1);

export const MACHINE_VOLUME_GB = 8;

/** The base image of a Region: this machine's operating system, under an id that stays the same. */
export function machineImage(region: string): ImageRecord {
  const words = [region, PLATFORM.id, PLATFORM.version, MACHINE_ARCHITECTURE];
  const system = `${PLATFORM.name} ${PLATFORM.version}`;
  return {
    id: fixedId('ami', ...words),
    owner: AMAZON_ACCOUNT_ID,
    region,
    name: `sandbox-machine-${PLATFORM.id}-${PLATFORM.version}-${MACHINE_ARCHITECTURE}`,
    description: `The operating system of the machine that the sandbox runs on (${system}), whatever name it was asked for by`,
    architecture: MACHINE_ARCHITECTURE,
    virtualizationType: 'hvm',
    enaSupport: true,
    rootDeviceName: '/dev/xvda',
    snapshotId: fixedId('snap', ...words),
    volumeGb: MACHINE_VOLUME_GB,
    sourceImageId: undefined,
    sourceRegion: undefined,
    sourceInstanceId: undefined,
    ancestors: [],
    createdAt: CREATED,
    state: 'available',
    stateReason: undefined,
    launchPermissions: [{ kind: 'everybody' }],
    deprecatedAt: undefined,
    protection: { kind: 'off' },
    imdsSupport: undefined,
    lastLaunchedAt: undefined,
    tags: {},
  };
}
