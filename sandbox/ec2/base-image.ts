import { AMAZON_ACCOUNT_ID, fixedId, MACHINE_ARCHITECTURE } from '../account.js';
import type { Base } from '../machine/base.js';
import type { ImageRecord } from '../state.js';

/** When the base image says it was made: any fixed day will do, and the same one each time is easier on caches. */
const CREATED = Date.UTC(2026, 0, 1);

export const BASE_VOLUME_GB = 8;

/** The base image of a Region, under an id that stays the same. */
export function baseImage({ name, platform }: Base, region: string): ImageRecord {
  const isMachine = name === 'machine';
  const words = [region, platform.id, platform.version, MACHINE_ARCHITECTURE, ...(isMachine ? [] : [name])];
  const system = `${platform.name} ${platform.version}`.trim();
  const kind = name.replace(/:.*$/, '');
  const where = isMachine ? 'The operating system of the machine that the sandbox runs on' : `The system in ${name}`;
  return {
    id: fixedId('ami', ...words),
    owner: AMAZON_ACCOUNT_ID,
    region,
    name: `sandbox-${kind}-${platform.id}-${platform.version}-${MACHINE_ARCHITECTURE}`,
    description: `${where} (${system}), whatever name it was asked for by`,
    architecture: MACHINE_ARCHITECTURE,
    virtualizationType: 'hvm',
    enaSupport: true,
    rootDeviceName: '/dev/xvda',
    snapshotId: fixedId('snap', ...words),
    volumeGb: BASE_VOLUME_GB,
    furtherVolumes: [],
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
