/** A volume beside the root one, as an image maps it. */
export interface MappedVolume {
  readonly deviceName: string;
  readonly snapshotId: string;
  readonly volumeGb: number;
  readonly deleteOnTermination: boolean;
}

/** A volume beside the root one, of an instance. Nothing on the instance can see it: it is there to be described. */
export interface AttachedVolume {
  readonly id: string;
  readonly deviceName: string;
  readonly volumeGb: number;
  /** ARN of the key that it is encrypted with; undefined: it is not encrypted. */
  readonly kmsKeyArn: string | undefined;
  readonly deleteOnTermination: boolean;
}

/** A volume that has outlived its instance. */
export interface LeftVolume {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly instanceId: string;
  readonly volumeGb: number;
  readonly kmsKeyArn: string | undefined;
}
