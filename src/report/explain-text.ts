import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { Document, isMap, isScalar } from 'yaml';
import type { ImageRecord } from '../images/image-record.js';
import { commitOf } from '../images/tags.js';
import type { Explained, LayerChange } from '../plan/explain-hash.js';
import type { Architecture } from '../template/layer.js';
import { shortHash } from './reasons.js';

/** What a layer's two hashes are made from, as YAML with the hashes as comments. */
export function renderInputs({ layer, templateHash, validationHash, input, validation }: Explained): string {
  return [
    `# ${layer}/${input.architecture}: the image`,
    `# template hash ${templateHash}`,
    describe(input).trimEnd(),
    '',
    `# ${layer}/${input.architecture}: its checks`,
    `# validation hash ${validationHash}`,
    describe(validation).trimEnd(),
  ].join('\n');
}

export interface HashChanges {
  readonly layer: string;
  readonly architecture: Architecture;
  /** What it is compared with, as the user named it. */
  readonly against: string;
  readonly changes: readonly LayerChange[];
}

/** Why a layer's hashes differ, layer by layer from the root, with the lines that do. */
export function renderChanges({ layer, architecture, against, changes }: HashChanges): string {
  if (changes.length === 0) return `${layer}/${architecture} has the same hashes as at ${against}.`;
  const head = `${layer}/${architecture} differs from ${against}:`;
  return [head, ...changes.map((change) => renderChange(change, against))].join('\n\n');
}

function renderChange({ layer, before, now, groups, checksChanged }: LayerChange, against: string): string {
  if (before === undefined) return `${layer} is new: there was no such layer or architecture.`;
  const own = groups.filter((group) => group !== 'parent');
  const image =
    groups.length === 0
      ? 'the image stays'
      : `hash ${shortHash(before.templateHash)} → ${shortHash(now.templateHash)}: ${own.length === 0 ? 'only its parent' : own.join(', ')}`;
  const checks = checksChanged ? '; its checks' : '';
  const patches = [
    ...(own.length === 0 ? [] : [patch(before.input, now.input, against)]),
    ...(checksChanged ? [patch(before.validation, now.validation, against)] : []),
  ];
  return [`${layer}: ${image}${checks}`, ...patches.filter((text) => text !== '')].join('\n');
}

export interface ImageChanges {
  readonly own: Explained;
  readonly image: ImageRecord;
  /** Undefined: the image does not carry what it was made from. */
  readonly groups: readonly string[] | undefined;
}

/** Why a layer's hash is not the one of an image. */
export function renderImageComparison({ own, image, groups }: ImageChanges): string {
  const { layer, templateHash, validationHash } = own;
  const subject = `${layer}/${own.input.architecture}`;
  const since = commitOf(image);
  const commit = since === undefined ? [] : [`See the lines: ami-layers explain ${layer} --against ${since}`];
  if (image.templateHash === templateHash) {
    const checks = image.validationHash === validationHash ? '' : '; its checks have changed since';
    return `${subject} has the hash of ${image.imageId}: ${templateHash}${checks}`;
  }
  const why =
    groups === undefined
      ? `${image.imageId} does not say what it was made from.`
      : `Changed since ${image.imageId}: ${groups.join(', ')}`;
  return [`${subject}: hash ${shortHash(image.templateHash)} → ${shortHash(templateHash)}`, why, ...commit].join('\n');
}

/** Hashes of parents are left out: what changed above has a part of its own. */
function patch(before: unknown, now: unknown, against: string): string {
  const [from, to] = [describe(withoutParent(before)), describe(withoutParent(now))];
  if (from === to) return '';
  const options = { context: 2, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(against, 'now', from, to, undefined, undefined, options).trimEnd();
}

function withoutParent(described: unknown): unknown {
  return { ...(described as object), parent: undefined, inherited: undefined };
}

/** Empty parts say nothing, and are left out. */
function describe(described: unknown): string {
  const document = new Document(described, { aliasDuplicateObjects: false });
  prune(document.contents);
  return document.toString({ lineWidth: 0 });
}

function prune(node: unknown): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) if (isScalar(key)) prune(value);
  node.items = node.items.filter(({ value }) => !isEmptyNode(value));
}

function isEmptyNode(node: unknown): boolean {
  if (isScalar(node)) return node.value === null || node.value === undefined;
  return (
    typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items) && node.items.length === 0
  );
}
