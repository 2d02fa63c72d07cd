import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Architecture } from './account.js';
import type { LayerSize } from './machine/layers.js';

/** What is kept between two lives of the daemon: one JSON file, written whole and renamed into place. */
export interface SandboxState {
  readonly format: 1;
  readonly instances: Record<string, InstanceRecord>;
  readonly images: Record<string, ImageRecord>;
  readonly snapshots: Record<string, SnapshotRecord>;
  /** Key: region and name. */
  readonly parameters: Record<string, ParameterRecord>;
  /** Key: scope (region or zone) and token. */
  readonly clientTokens: Record<string, ClientTokenRecord>;
  /** Of each frozen layer, once it was measured. */
  readonly layerSizes: Record<string, LayerSize>;
  /** Allocated bytes of the operating system under every image; undefined until it was measured once. */
  baseBytes: number | undefined;
}

export type InstanceStateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface InstanceRecord {
  readonly id: string;
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
  readonly volumeId: string;
  readonly volumeGb: number;
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
  tags: Record<string, string>;
}

export interface ImageRecord {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly architecture: Architecture;
  readonly snapshotId: string;
  readonly volumeGb: number;
  /** The image that the source instance was *launched* from (`UG:ami-ancestry`). */
  readonly sourceImageId: string;
  readonly sourceInstanceId: string;
  readonly createdAt: number;
  state: 'pending' | 'available' | 'failed';
  stateReason: string | undefined;
  tags: Record<string, string>;
}

export interface SnapshotRecord {
  readonly id: string;
  readonly region: string;
  readonly description: string;
  readonly volumeId: string;
  readonly volumeGb: number;
  readonly createdAt: number;
  /** Topmost first; the first is what this snapshot added. Final once the snapshot is completed. */
  layers: readonly string[];
  state: 'pending' | 'completed' | 'error';
  tags: Record<string, string>;
}

export interface ParameterRecord {
  readonly region: string;
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly dataType: string;
  readonly version: number;
  readonly modifiedAt: number;
}

export interface ClientTokenRecord {
  /** Digest of the request that first used it. */
  readonly request: string;
  readonly reservationId: string;
}

/** @throws Error when the file is there and cannot be read: better no sandbox than one that forgot its images. */
export function loadState(file: string): SandboxState {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SandboxState;
  return {
    format: 1,
    instances: {},
    images: {},
    snapshots: {},
    parameters: {},
    clientTokens: {},
    layerSizes: {},
    baseBytes: undefined,
  };
}

export function saveState(file: string, state: SandboxState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
