import type { OnCancel, Placement } from '../build/context.js';
import type { Reuse } from '../images/trust.js';
import type { Architecture } from '../template/layer.js';

/** What a command was asked to do, whoever asked: the action's inputs, or a terminal's flags. */
export interface PlanOptions {
  /** Files, folders or globs with templates, relative to the repository root. */
  readonly templates: readonly string[];
  readonly selection: Selection;
  readonly rebuild: Rebuild;
  readonly reuse: Reuse;
  /** An AMI to build the selected layers on, instead of what their templates say. */
  readonly baseAmi: string | undefined;
  /** For layers whose templates name no Region. */
  readonly defaultRegion: string | undefined;
  /** Longest chain of layers allowed; undefined: 10. */
  readonly maxDepth?: number | undefined;
  /** Asks nothing of AWS: which images there are stays unknown. Only to plan. */
  readonly offline: boolean;
}

export interface BuildOptions extends PlanOptions {
  readonly placement: Placement;
  /** Whether the first child to build goes on with its parent's builder. */
  readonly chain: boolean;
  readonly maxParallel: number;
  /** The first layer that fails ends the others. */
  readonly failFast: boolean;
  readonly pollIntervalMs: number;
  /** After so long without a word from its run, a builder is taken over. Milliseconds. */
  readonly takeoverAfterMs: number;
  readonly onCancel: OnCancel;
  /** After so long the run ends, and leaves what is not finished to the next one. Milliseconds; undefined: it waits. */
  readonly maxWaitMs: number | undefined;
  /** Whether validated images become `latest`. */
  readonly promote: boolean;
  /** What the console shows as the image's name; only where exactly one layer is selected. */
  readonly displayName: string | undefined;
}

/** Which layers a run is about. Ancestors join where they are needed. */
export interface Selection {
  /** Layers of exactly these template files; empty: of all. */
  readonly templateFiles: readonly string[];
  /** Name globs, `name+` with descendants; empty: all. */
  readonly layers: readonly string[];
  /** Only these of what the layers have; absent: all. */
  readonly architectures?: readonly Architecture[] | undefined;
  /** Changed files, relative to the repository root; undefined: not known, so nothing is narrowed. */
  readonly changedFiles: readonly string[] | undefined;
  /** Only layers that the changed files affect; else they only explain. */
  readonly affectedOnly: boolean;
}

/** `selected`: even where a usable image exists; `ancestors`: and everything they stand on too. */
export type Rebuild = 'no' | 'selected' | 'ancestors';

export interface SweepOptions {
  readonly regions: readonly string[];
  /** Ids of runs whose instances go, expired or not. */
  readonly runs: readonly string[];
  /** Instances that were launched longer ago go, expired or not; undefined: age alone is no reason. */
  readonly olderThanMs: number | undefined;
  /** Looks and decides, and changes nothing. */
  readonly dryRun: boolean;
}
