/** What the sandbox has, in the demo's words. */
export interface Cloud {
  /** The images this tool made, the oldest first. */
  readonly images: readonly CloudImage[];
  /** Every instance there ever was. */
  readonly instances: readonly CloudInstance[];
  /** AWS calls that succeeded, by operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** What still runs or is half made, one line each. */
  readonly leftovers: readonly string[];
}

export interface CloudImage {
  readonly imageId: string;
  readonly layer: string;
  /** The tag: `validated`, `rejected`, … */
  readonly state: string;
  readonly latest: boolean;
  readonly parentLayer: string | undefined;
  /** The image its builder was launched from. */
  readonly launchedFrom: string;
  /** What this layer added, and all of it with what is below. */
  readonly deltaBytes: number;
  readonly fullBytes: number;
}

export interface CloudInstance {
  /** Milliseconds since the epoch; `endedAt` undefined while it lives. */
  readonly launchedAt: number;
  readonly endedAt: number | undefined;
}
