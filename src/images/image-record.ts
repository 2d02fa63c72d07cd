import type { Architecture } from '../template/layer.js';
import type { Trust } from './trust.js';

/** What the tags say of an image's way through the build. */
export type BuildState = 'building' | 'built' | 'validated' | 'rejected';

/** An image that this tool made, as AWS describes it. Tags are the database: all but `imageId` to `snapshots` is read from them. */
export interface ImageRecord {
  readonly imageId: string;
  readonly name: string;
  readonly region: string;
  readonly availability: 'pending' | 'available' | 'failed';
  /** EC2's own word; `availability` knows fewer. */
  readonly state: string;
  /** EC2's reason for the state. */
  readonly stateReason: string | undefined;
  readonly snapshots: readonly string[];
  readonly architecture: Architecture;
  readonly layer: string;
  readonly version: string | undefined;
  readonly templateHash: string;
  readonly validationHash: string;
  readonly buildState: BuildState;
  readonly latest: boolean;
  readonly parentLayer: string | undefined;
  /** The image it was launched from. */
  readonly baseAmi: string;
  readonly buildSeconds: number | undefined;
  /** ISO 8601. */
  readonly created: string;
  readonly runId: string;
  /** Whose it is: a run sees what is of its own scope. */
  readonly scope: string;
  /** Of all that it was made from. */
  readonly trust: Trust;
  readonly tags: Readonly<Record<string, string>>;
}
