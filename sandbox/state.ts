import { ACCOUNT_ID, type Architecture } from './account.js';
import type { LayerSize } from './machine/layers.js';
import type { AttachedVolume, LeftVolume, MappedVolume } from './volume-records.js';

/** What is kept between two lives of the daemon: tables of records that JSON can hold (see state-log.ts). */
export interface SandboxState {
  readonly instances: Record<string, InstanceRecord>;
  readonly images: Record<string, ImageRecord>;
  readonly snapshots: Record<string, SnapshotRecord>;
  readonly volumes: Record<string, LeftVolume>;
  readonly launchTemplates: Record<string, LaunchTemplateRecord>;
  /** Key: account, region and name. */
  readonly parameters: Record<string, ParameterRecord>;
  /** Key: what the token is for (account, operation, region or zone) and the token. */
  readonly clientTokens: Record<string, ClientTokenRecord>;
  /** Key: account and region. */
  readonly settings: Record<string, RegionSettings>;
  /** Of each frozen layer, once it was measured. */
  readonly layerSizes: Record<string, LayerSize>;
  /** Allocated bytes of the operating system under every image; undefined until it was measured once. */
  baseBytes: number | undefined;
}

export type InstanceStateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface InstanceRecord {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly reservationId: string;
  readonly imageId: string;
  readonly type: string;
  readonly architecture: Architecture;
  readonly privateIp: string;
  readonly profileArn: string | undefined;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly clientToken: string | undefined;
  readonly httpTokens: 'optional' | 'required';
  readonly metadataEndpoint: 'enabled' | 'disabled';
  /** Whether the instance can read its own tags. */
  readonly metadataTags: 'enabled' | 'disabled';
  readonly market: InstanceMarket;
  /** When the Spot Instance is, or was, taken back. Milliseconds since the epoch. */
  interruptedAt: number | undefined;
  readonly volumeId: string;
  readonly volumeGb: number;
  /** ARN of the key that the volume is encrypted with; undefined: it is not encrypted. */
  readonly kmsKeyArn: string | undefined;
  readonly furtherVolumes: readonly AttachedVolume[];
  /** Base64, as it was sent. */
  readonly userData: string | undefined;
  /** Milliseconds since the epoch; also the time of the last start. */
  launchedAt: number;
  readonly createdAt: number;
  /** When it was terminated. */
  endedAt: number | undefined;
  /** Layers under its writable one, topmost first, without the base. */
  layers: readonly string[];
  state: InstanceStateName;
  stateReason: { readonly code: string; readonly message: string } | undefined;
  /** As in `User initiated (2026-01-01 00:00:00 GMT)`. */
  transitionReason: string;
  /** User data runs once in an instance's life. */
  userDataDone: boolean;
  /** When the agent last registered; stays when the machine goes down, as the record at AWS does. */
  registeredAt: number | undefined;
  /** Since when the agent has sent no heartbeat. */
  agentSilentSince: number | undefined;
  tags: Record<string, string>;
}

export type InstanceMarket =
  | { readonly kind: 'on-demand' }
  | {
      readonly kind: 'spot';
      /** `sir-…` */
      readonly requestId: string;
      readonly persistence: 'one-time' | 'persistent';
      readonly onInterruption: 'terminate' | 'stop';
    };

/** Who may launch an image beside its owner. */
export type LaunchPermission =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'everybody' }
  | { readonly kind: 'organization'; readonly arn: string }
  | { readonly kind: 'organizational-unit'; readonly arn: string };

/** Who may make volumes and copies from a snapshot beside its owner. */
export type VolumePermission = Extract<LaunchPermission, { kind: 'account' | 'everybody' }>;

export type DeregistrationProtection =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly withCooldown: boolean }
  /** Turned off, and still protected until then. Milliseconds since the epoch. */
  | { readonly kind: 'cooling-down'; readonly until: number };

/** An image as its descendants remember it, also after it was deregistered. */
export interface Ancestor {
  readonly imageId: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly sourceImageId: string | undefined;
  readonly sourceRegion: string | undefined;
}

export interface ImageRecord {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  description: string | undefined;
  readonly architecture: Architecture;
  readonly virtualizationType: 'hvm' | 'paravirtual';
  readonly enaSupport: boolean;
  readonly rootDeviceName: string;
  readonly snapshotId: string;
  readonly volumeGb: number;
  readonly furtherVolumes: readonly MappedVolume[];
  /**
   * The image that the source instance was *launched* from, or that this one was copied from (`UG:ami-ancestry`).
   * Undefined for a registered image.
   */
  readonly sourceImageId: string | undefined;
  readonly sourceRegion: string | undefined;
  /** Only of an image that CreateImage made. */
  readonly sourceInstanceId: string | undefined;
  /** The source first, then its source, and so on. */
  readonly ancestors: readonly Ancestor[];
  readonly createdAt: number;
  state: 'pending' | 'available' | 'failed' | 'disabled';
  stateReason: string | undefined;
  launchPermissions: readonly LaunchPermission[];
  /** Milliseconds since the epoch. */
  deprecatedAt: number | undefined;
  protection: DeregistrationProtection;
  imdsSupport: 'v2.0' | undefined;
  /** Milliseconds since the epoch. */
  lastLaunchedAt: number | undefined;
  tags: Record<string, string>;
}

export interface SnapshotRecord {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly description: string;
  readonly volumeId: string;
  readonly volumeGb: number;
  /** ARN of the key that it is encrypted with; undefined: it is not encrypted. */
  readonly kmsKeyArn: string | undefined;
  readonly createdAt: number;
  /** Topmost first; the first is what this snapshot added. Final once the snapshot is completed. */
  layers: readonly string[];
  state: 'pending' | 'completed' | 'error';
  /** Milliseconds since the epoch; undefined for one that was never pending. */
  readonly completesAt?: number;
  /** Why the state is `error`. */
  stateMessage: string | undefined;
  volumePermissions: readonly VolumePermission[];
  tags: Record<string, string>;
}

export interface LaunchTemplateRecord {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  readonly createdAt: number;
  /** Version 1 first; EC2 numbers them so. */
  readonly versions: readonly { readonly description: string | undefined; readonly data: LaunchTemplateData }[];
  tags: Record<string, string>;
}

/** As the request gave it, in EC2's own words. */
export type LaunchTemplateData = Readonly<Record<string, unknown>>;

export interface ParameterRecord {
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly dataType: string;
  readonly version: number;
  readonly modifiedAt: number;
  /** What it was before, oldest first. */
  readonly earlier: readonly ParameterVersion[];
}

export type ParameterVersion = Pick<ParameterRecord, 'version' | 'value' | 'modifiedAt'>;

export interface ClientTokenRecord {
  /** Digest of the request that first used it. */
  readonly request: string;
  /** What it made: the id of a reservation or of an image. */
  readonly reservationId: string;
}

/** What an account has set in a Region. */
export interface RegionSettings {
  readonly encryptByDefault: boolean;
  /** ARN; undefined: the AWS managed key `alias/aws/ebs`. */
  readonly defaultKmsKeyArn: string | undefined;
  readonly blockPublicImages: boolean;
}

/** What records of an older state did not say yet. */
export const RECORD_DEFAULTS: { readonly [Part in keyof SandboxState]?: object } = {
  instances: {
    owner: ACCOUNT_ID,
    metadataEndpoint: 'enabled',
    metadataTags: 'disabled',
    market: { kind: 'on-demand' },
    furtherVolumes: [],
  },
  images: {
    owner: ACCOUNT_ID,
    virtualizationType: 'hvm',
    enaSupport: true,
    rootDeviceName: '/dev/xvda',
    furtherVolumes: [],
    ancestors: [],
    launchPermissions: [],
    protection: { kind: 'off' },
  },
  snapshots: { owner: ACCOUNT_ID, volumePermissions: [] },
  parameters: { owner: ACCOUNT_ID, earlier: [] },
};

export function emptyState(): SandboxState {
  return {
    instances: {},
    images: {},
    snapshots: {},
    volumes: {},
    launchTemplates: {},
    parameters: {},
    clientTokens: {},
    settings: {},
    layerSizes: {},
    baseBytes: undefined,
  };
}
