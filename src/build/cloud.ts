import type { ImageRecord } from '../images/image-record.js';
import type { InstanceRecord, Market } from '../images/instance-record.js';
import type { Tags } from '../images/tags.js';
import type { Trust } from '../images/trust.js';
import type { PriceList, SpotPrices } from '../plan/prices.js';
import type { Stored } from '../images/stored.js';
import type { Architecture, BaseReference } from '../template/layer.js';

/** What the build engine needs of AWS in one Region, in our words. `src/aws` implements it over the SDK. */
export interface Cloud {
  readonly region: string;

  /** Images of this tool by template hash: one request per 200 hashes, paged. */
  readonly findImages: (templateHashes: readonly string[]) => Promise<readonly ImageRecord[]>;
  /** Builders and test instances by template hash, those that ended a while ago too: one request per 200 hashes, paged. */
  readonly findInstances: (templateHashes: readonly string[]) => Promise<readonly InstanceRecord[]>;
  /** Every image of this tool, or only those tagged `latest`. */
  readonly listImages: (options?: { readonly latest: boolean }) => Promise<readonly ImageRecord[]>;
  /** The AMI a base reference points at now; where it is the newest of several, of those that may be stood on. */
  readonly resolveBase: (
    reference: BaseReference,
    architecture: Architecture,
    mayStandOn?: (base: BaseImage) => boolean,
  ) => Promise<BaseImage>;

  /** Starts one instance. Throws `CloudFailure`; its treatment says whether another place may have room. */
  readonly launch: (launch: Launch) => Promise<Launched>;
  readonly stop: (instanceId: string) => Promise<void>;
  /** Starts a stopped instance. */
  readonly start: (instanceId: string) => Promise<void>;
  /** Idempotent. Returns the ids that EC2 does not know: too new, or terminated an hour ago and more. */
  readonly terminate: (instanceIds: readonly string[]) => Promise<readonly string[]>;
  /** Every builder and test instance of this tool that is not terminated, or only those of one run. */
  readonly listInstances: (options?: { readonly runToken: string }) => Promise<readonly InstanceRecord[]>;

  /** What is known of many agents in one request; those that never registered are missing from the answer. */
  readonly agents: (instanceIds: readonly string[]) => Promise<ReadonlyMap<string, AgentView>>;

  /**
   * Runs a shell script as root on up to 50 instances; returns the command's id. Systems Manager has no token against
   * sending twice, and a lost answer is sent again: only for scripts that may run twice.
   */
  readonly sendCommand: (command: Command) => Promise<string>;
  /** How a command ended on one instance; undefined while it has not. */
  readonly commandEnd: (commandId: string, instanceId: string) => Promise<CommandEnd | undefined>;
  /** What a command printed on each instance where it has ended: the first 2,500 characters. */
  readonly answers: (commandId: string) => Promise<ReadonlyMap<string, string>>;

  /** The account's own image of that name: without a record where it is nothing to this run. Undefined: there is none. */
  readonly findNamed: (name: string) => Promise<{ readonly image: ImageRecord | undefined } | undefined>;

  /** Throws `CloudFailure` with code `InvalidAMIName.Duplicate` when another image has the name. */
  readonly createImage: (image: NewImage) => Promise<string>;
  /** With its snapshots; returns those that stay. An image that is gone already is fine. */
  readonly deregisterImage: (imageId: string) => Promise<readonly KeptSnapshot[]>;
  /** How much of snapshots is there, in percent, by snapshot id. */
  readonly snapshotProgress: (snapshotIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly tag: (ids: readonly string[], tags: Tags) => Promise<void>;
  readonly untag: (ids: readonly string[], keys: readonly string[]) => Promise<void>;

  /** What instances of these types cost on demand, in one request to the Price List; those it does not have are missing. */
  readonly listPrices: (instanceTypes: readonly string[], asking: Asking) => Promise<PriceList>;
  /** What they cost on Spot now, in every zone. */
  readonly spotPrices: (instanceTypes: readonly string[], asking: Asking) => Promise<SpotPrices>;
  /** What an available image of this tool is stored as, beyond the image it was made on. */
  readonly storedOf: (imageId: string, asking: Pick<Asking, 'signal'>) => Promise<Stored>;
}

/** What a root layer stands on. */
export interface BaseImage {
  readonly imageId: string;
  /** What an image of this tool says of itself; any other is vouched for by whoever names it. */
  readonly trust: Trust;
}

/** A question that nothing depends on. */
export interface Asking {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Once aborted, nobody waits for the answer. */
  readonly signal: AbortSignal;
}

export interface Launched {
  readonly instanceId: string;
  /** The Availability Zone; undefined where EC2 does not say. */
  readonly zone: string | undefined;
}

export interface Launch {
  readonly imageId: string;
  readonly market: Market;
  readonly instanceType: string;
  readonly subnetId: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfile: string | undefined;
  readonly volume: {
    readonly gb?: number;
    readonly iops?: number;
    readonly throughput?: number;
    /** Undefined: as the image, or as the account says. Without a key: the Region's default EBS key. */
    readonly encryption?: { readonly kmsKey: string | undefined };
  };
  /** Run by cloud-init at first boot. */
  readonly userData: string;
  readonly tags: Tags;
  /** Makes a repeated request of the same attempt return the same instance. At most 64 characters. */
  readonly clientToken: string;
}

export interface AgentView {
  readonly online: boolean;
  /** Milliseconds since the epoch. An agent says something every five minutes only. */
  readonly lastPing: number;
}

/** A snapshot that outlives its image. */
export interface KeptSnapshot {
  readonly snapshotId: string;
  /** EC2's word for why: `skipped`, `missing-permissions`, … */
  readonly why: string;
}

export interface Command {
  readonly instanceIds: readonly string[];
  /** For people who look at the command in the console; at most 100 characters. */
  readonly comment: string;
  readonly script: string;
  readonly timeoutSeconds: number;
}

export interface CommandEnd {
  readonly exitCode: number;
  /** Systems Manager's word for how it ended. */
  readonly detail: string;
  readonly output: string;
  readonly errorOutput: string;
}

export interface NewImage {
  readonly instanceId: string;
  readonly name: string;
  readonly description: string;
  /** For the image and all its snapshots. */
  readonly tags: Tags;
}

/**
 * What is to be done about an error of AWS. `again`: AWS did nothing, and may in a moment; `unsure`: nobody knows whether
 * it did; `wait`: what was asked for is too young, the next look will see it; `next-place`: another instance type or
 * subnet may do; `on-demand`: only without Spot; `give-up`: nothing that a program could do.
 */
export type Treatment = 'again' | 'unsure' | 'wait' | 'next-place' | 'on-demand' | 'give-up';

/** AWS refused, or could not do, what was asked. */
export class CloudFailure extends Error {
  readonly operation: string;
  /** AWS's error code. */
  readonly code: string;
  readonly fix: string;
  readonly treatment: Treatment;

  constructor(failure: {
    operation: string;
    code: string;
    message: string;
    fix: string;
    treatment: Treatment;
    cause: unknown;
  }) {
    super(`${failure.operation}: ${failure.message} (${failure.code})`, { cause: failure.cause });
    this.name = 'CloudFailure';
    this.operation = failure.operation;
    this.code = failure.code;
    this.fix = failure.fix;
    this.treatment = failure.treatment;
  }
}
