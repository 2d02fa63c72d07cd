import type { Span } from '../diagnostics/diagnostic.js';
import type { Template } from './schema.js';

export type Architecture = 'x86_64' | 'arm64';

/** The vendor image a root layer starts from, as written. What it points at today is looked up when building. */
export type BaseReference =
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'ami'; readonly imageId: string }
  | { readonly kind: 'ssm'; readonly parameter: string }
  | { readonly kind: 'search'; readonly owner: string; readonly name: string }
  | { readonly kind: 'marketplace'; readonly productCode: string };

/** What a template says it stands on, before linking. `file` is relative to the repository root. */
export type ParentReference =
  | { readonly kind: 'file'; readonly path: string; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'base';
      readonly reference: BaseReference;
      readonly description?: Description;
      /** URL of a description that may change at any time, and so is not read. */
      readonly unpinned?: string;
      readonly span: Span;
    };

/** The template that an image was made from, where a layer stands on that image and not on the template's own. */
export interface Description {
  /** Relative to the repository root, or an https URL with `#sha256=`. */
  readonly path: string;
  readonly span: Span;
}

/** A file that a step is given beside its script. */
export interface InputFile {
  /** Relative to the repository root. */
  readonly path: string;
  /** Relative to the template's folder: the path the script knows it by. */
  readonly relativePath: string;
  /** SHA-256 of the content, 64 hex digits. */
  readonly sha256: string;
  readonly executable: boolean;
  readonly bytes: number;
}

export interface Step {
  readonly name: string;
  /** The script's text: what `run` says, or the content of the `script` file. */
  readonly script: string;
  /** The `script` file, relative to the repository root; undefined for `run`. */
  readonly scriptPath: string | undefined;
  readonly inputs: readonly InputFile[];
  readonly timeoutMinutes: number | undefined;
  /** The machine is rebooted after it. */
  readonly reboot: boolean;
  /** The step in the template, for messages. */
  readonly span: Span;
}

export interface Software {
  readonly packages: readonly string[];
  readonly spackPackages: readonly string[];
  readonly pipPackages: readonly string[];
  readonly condaPackages: readonly string[];
  /** URL of a Spack binary cache to install from where it has the package; undefined: build from source. */
  readonly spackBuildcache: string | undefined;
}

/** A command on a fresh test instance and what its output (stdout and stderr together) must be. */
export interface Check {
  readonly name: string;
  readonly run: string;
  readonly exitCode: number;
  readonly contains: string | undefined;
  readonly equals: string | undefined;
  /** A POSIX extended regular expression, as `grep -E` reads it. */
  readonly matches: string | undefined;
  readonly span: Span;
}

/** A script file that a template names outside of its steps. */
export interface NamedScript {
  readonly path: string;
  readonly script: string;
  readonly span: Span;
}

export interface Validation {
  readonly instanceType: string | undefined;
  /** Ancestors' checks and scripts run too. */
  readonly inherit: boolean;
  readonly script: NamedScript | undefined;
  /** What the script and the checks find beside them. */
  readonly inputs: readonly InputFile[];
  /** Where inputs are named; undefined: nowhere. */
  readonly inputsSpan: Span | undefined;
  readonly checks: readonly Check[];
}

export interface Builder {
  /** In order of preference; empty: the default for the architecture. */
  readonly instanceTypes: readonly string[];
  readonly volumeGb: number | undefined;
  readonly volumeIops: number | undefined;
  /** MiB/s. */
  readonly volumeThroughput: number | undefined;
  readonly spot: boolean;
  readonly timeoutMinutes: number;
}

/** What a step finds in an environment variable and nobody else anywhere. */
export interface Secret {
  readonly name: string;
  readonly service: 'ssm' | 'secretsmanager';
  /** Name or ARN. */
  readonly id: string;
}

export interface User {
  readonly name: string;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly groups: readonly string[];
  readonly shell: string | undefined;
  readonly home: string | undefined;
}

/** A file of the repository that goes onto the disk. */
export interface PlacedFile {
  /** Relative to the repository root. */
  readonly path: string;
  /** SHA-256 of the content, 64 hex digits. */
  readonly sha256: string;
  readonly destination: string;
  /** Four octal digits. */
  readonly mode: string;
  /** `user` or `user:group`. */
  readonly owner: string;
}

export interface Seal {
  readonly script: NamedScript | undefined;
  /** Paths of credentials that may stay; `*` is a wildcard. */
  readonly allow: readonly string[];
}

export interface Encryption {
  /** Undefined: the Region's default EBS key. */
  readonly kmsKey: string | undefined;
  readonly regionKmsKeys: Readonly<Record<string, string>>;
}

/** What is wanted of an image once it is there. Nothing of it is in the hash. */
export interface Publication {
  /** Regions to copy to. */
  readonly copyRegions: readonly string[];
  readonly share: Template['share'];
  readonly lifecycle: Template['lifecycle'];
  readonly auto: Template['auto'];
  readonly amiConfig: Template['ami_config'];
}

/** One template, parsed and checked by itself. Nothing in it depends on other templates yet. */
export interface Layer {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  /** Relative to the repository root. */
  readonly templatePath: string;
  /** It describes an image that others stand on, and is never built itself; its name is its path. */
  readonly onlyDescribes: boolean;
  readonly parent: ParentReference;
  /** As stated; undefined: the parent's, or x86_64 for a root layer. */
  readonly architectures: readonly Architecture[] | undefined;
  /** As stated; undefined: as the parent, or no for a root layer. */
  readonly gpu: boolean | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
  readonly users: readonly User[];
  /** By destination; each is there once. */
  readonly files: readonly PlacedFile[];
  readonly software: Software;
  readonly steps: readonly Step[];
  readonly seal: Seal;
  readonly validation: Validation;
  readonly builder: Builder;
  readonly encryption: Encryption | undefined;
  /** `bucket:/where`, to be mounted by whoever launches the image; not part of it. */
  readonly dataMounts: readonly string[];
  readonly publication: Publication;
  /** The Region to build in, as stated (`regions[0]`, else `cluster.region`); undefined: the parent's, or the default. */
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly spans: LayerSpans;
  /** What a change of a file means for this layer. */
  readonly uses: FileUse;
}

/** Where to point when something is wrong with one aspect of a layer. `template` is the whole document. */
export interface LayerSpans {
  readonly template: Span;
  readonly name: Span;
  readonly architectures: Span;
  readonly region: Span;
  readonly secrets: Span;
  readonly users: Span;
  readonly files: Span;
  readonly software: Span;
  readonly validate: Span;
  readonly builderTypes: Span;
  readonly volumeGb: Span;
}

/** Files that a layer is made from; repository paths, and glob patterns relative to the repository root. */
export interface FileUse {
  readonly template: string;
  readonly scripts: readonly string[];
  readonly inputGlobs: readonly string[];
  readonly checks: readonly string[];
  readonly checkGlobs: readonly string[];
}
