import { createHash } from 'node:crypto';
import type { LayerGraph, LayerNode } from '../graph/layer-graph.js';
import { nodeOf } from '../graph/walk.js';
import { canonicalJson } from '../lib/canonical-json.js';
import { onTopOf, type Environments } from '../template/environments.js';
import type { Architecture, BaseReference, Encryption, InputFile, Seal, User } from '../template/layer.js';
import type { VariantKey } from './build-plan.js';
import { digestGroups } from './input-groups.js';
import { variantKey } from './variant.js';

/** Raised when the meaning of a field changes: every image is then built anew. */
const FORMAT = 2;

export interface VariantHashes {
  /** SHA-256 of what the image is made from, 64 hex digits. */
  readonly templateHash: string;
  /** SHA-256 of the checks it must pass, own and inherited, 64 hex digits. */
  readonly validationHash: string;
  /** A digest of each part of the template hash, so that an image can say which of them changed. */
  readonly inputs: string;
}

/**
 * What an image is made from, described. Each field is here because a change of it changes the image; comments, key
 * order, paths of templates and everything that only steers the build (instance type, timeouts, tags) are not.
 * A field is there with its empty value when a template does not say it, so that saying nothing and not knowing the key
 * are the same.
 */
export interface HashInput {
  readonly format: typeof FORMAT;
  /** So that an image belongs to exactly one layer. */
  readonly name: string;
  readonly architecture: Architecture;
  /** Merkle: all that the ancestors are made from. */
  readonly parent?: string;
  /** As written. The AMI it points at today is freshness, not identity. */
  readonly base?: BaseReference;
  readonly gpu: boolean;
  readonly env: Environments;
  /** What steps may find in their environment; never the values. Absent where there are none, as before there were any. */
  readonly secrets?: readonly HashedSecret[];
  /** By destination: where in the repository a file lies is not in it. */
  readonly files: readonly HashedFile[];
  readonly software: HashedSoftware;
  readonly steps: readonly HashedStep[];
  readonly users: readonly HashedUser[];
  /** What is exempt decides whether there may be an image at all. */
  readonly seal: { readonly script: string | null; readonly allow: readonly string[] } | null;
  readonly volume_gb: number | null;
  readonly encrypt: {
    readonly kms_key: string | null;
    readonly region_kms_keys: Readonly<Record<string, string>>;
  } | null;
}

interface HashedSecret {
  readonly name: string;
  readonly service: string;
  readonly id: string;
}

interface HashedFile {
  readonly destination: string;
  readonly mode: string;
  readonly owner: string;
  readonly sha256: string;
}

interface HashedUser {
  readonly name: string;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly groups: readonly string[];
  readonly shell: string | null;
  readonly home: string | null;
}

interface HashedSoftware {
  readonly packages: readonly string[];
  readonly spack_packages: readonly string[];
  readonly spack_buildcache: string | null;
  readonly pip_packages: readonly string[];
  readonly conda_packages: readonly string[];
}

interface HashedStep {
  readonly script: string;
  readonly reboot: boolean;
  /** By the path the script knows them by: relative to the template's folder. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly executable: boolean }[];
}

/** The described object behind a template hash. `parentHash` is undefined for a root layer only. */
export function hashInput(node: LayerNode, architecture: Architecture, parentHash: string | undefined): HashInput {
  const { layer } = node;
  // What a root layer inherits comes from a description, whose hash is not in this one.
  const isRoot = node.parent === undefined;
  return {
    format: FORMAT,
    name: layer.name,
    architecture,
    ...(parentHash !== undefined ? { parent: parentHash } : baseOf(layer.parent)),
    gpu: node.gpu,
    env: isRoot ? node.env : onTopOf([], layer.env),
    ...(layer.secrets.length === 0
      ? {}
      : { secrets: layer.secrets.map(({ name, service, id }) => ({ name, service, id })) }),
    files: layer.files.map(({ destination, mode, owner, sha256 }) => ({ destination, mode, owner, sha256 })),
    software: {
      packages: layer.software.packages,
      spack_packages: layer.software.spackPackages,
      spack_buildcache: layer.software.spackBuildcache ?? null,
      pip_packages: layer.software.pipPackages,
      conda_packages: layer.software.condaPackages,
    },
    steps: layer.steps.map((step) => ({
      script: step.script,
      reboot: step.reboot,
      inputs: step.inputs.map(hashedInput),
    })),
    users: layer.users.map(hashedUser),
    seal: hashedSeal(isRoot ? { ...layer.seal, allow: node.sealAllow } : layer.seal),
    volume_gb: layer.builder.volumeGb ?? null,
    encrypt: hashedEncryption(isRoot ? node.encryption : layer.encryption),
  };
}

function hashedInput({ relativePath, sha256, executable }: InputFile): HashedStep['inputs'][number] {
  return { path: relativePath, sha256, executable };
}

function hashedUser({ name, uid, gid, groups, shell, home }: User): HashedUser {
  return { name, uid: uid ?? null, gid: gid ?? null, groups, shell: shell ?? null, home: home ?? null };
}

function hashedSeal({ script, allow }: Seal): HashInput['seal'] {
  return script === undefined && allow.length === 0 ? null : { script: script?.script ?? null, allow };
}

function hashedEncryption(encryption: Encryption | undefined): HashInput['encrypt'] {
  return encryption === undefined
    ? null
    : { kms_key: encryption.kmsKey ?? null, region_kms_keys: encryption.regionKmsKeys };
}

/** Hashes of every variant of every layer. */
export function computeHashes(graph: LayerGraph): ReadonlyMap<VariantKey, VariantHashes> {
  const hashes = new Map<VariantKey, VariantHashes>();
  for (const name of graph.order) {
    const node = nodeOf(graph, name);
    for (const architecture of node.architectures) {
      const below = belowOf(node, architecture, hashes);
      const input = hashInput(node, architecture, below.templateHash);
      hashes.set(variantKey(name, architecture), {
        templateHash: sha256(input),
        validationHash: sha256(validationInput(node, below.validationHash)),
        inputs: digestGroups(input),
      });
    }
  }
  return hashes;
}

/** The hashes of what a variant stands on. A description is not the image, but its checks are inherited. */
export function belowOf(
  { parent, describedBy }: LayerNode,
  architecture: Architecture,
  hashes: ReadonlyMap<VariantKey, VariantHashes>,
): { readonly templateHash: string | undefined; readonly validationHash: string | undefined } {
  const found = hashes.get(variantKey(parent ?? describedBy ?? '', architecture));
  return {
    templateHash: parent === undefined ? undefined : found?.templateHash,
    validationHash: found?.validationHash,
  };
}

/** Names and source positions of checks are not in it: renaming a check does not run it again. */
export function validationInput(node: LayerNode, inherited: string | undefined): unknown {
  const { inherit, script, inputs, checks } = node.layer.validation;
  return {
    format: FORMAT,
    inherited: inherit ? (inherited ?? null) : null,
    script: script?.script ?? null,
    inputs: inputs.map(hashedInput),
    checks: checks.map((check) => ({
      run: check.run,
      exit_code: check.exitCode,
      contains: check.contains ?? null,
      equals: check.equals ?? null,
      matches: check.matches ?? null,
    })),
  };
}

function baseOf(parent: LayerNode['layer']['parent']): { readonly base: BaseReference } {
  if (parent.kind !== 'base') throw new Error('a layer without a parent hash stands on a base image');
  return { base: parent.reference };
}

function sha256(described: unknown): string {
  return createHash('sha256').update(canonicalJson(described)).digest('hex');
}
