import { isMap, isNode, isScalar, isSeq, parseDocument, visit, type Document, type Pair, type YAMLMap } from 'yaml';
import { knownKeys } from './known-keys.js';
import type { Path } from './yaml-tree.js';

/**
 * A template in its canonical form: keys in the order of the language, two spaces of indentation, a blank line in front
 * of what is longer than one. Comments stay with what they are about. What it says, and with it every hash, is the same.
 *
 * @param text a template without problems.
 */
export function formatTemplate(text: string): string {
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { uniqueKeys: false });
  const { contents } = document;
  if (!isMap(contents)) return text;
  // An alias must come after its anchor: such a template keeps its order.
  if (!hasAnchors(document)) sortKeys(contents, []);
  space(contents);
  return asWritten(document);
}

function hasAnchors(document: Document): boolean {
  const anchors: string[] = [];
  visit(document, {
    Node: (_key, node) => {
      if (node.anchor !== undefined) anchors.push(node.anchor);
    },
  });
  return anchors.length > 0;
}

/** Keys that the language does not list (variables, tags, settings of others) stay where they are. */
function sortKeys(map: YAMLMap, path: Path): void {
  const known = knownKeys(path);
  const rank = ({ key }: Pair): number => {
    const place = known.indexOf(nameOf(key));
    return place < 0 ? known.length : place;
  };
  if (known.length > 0) map.items.sort((a, b) => rank(a) - rank(b));
  for (const { key, value } of map.items) sortBelow(value, [...path, nameOf(key)]);
}

function sortBelow(node: unknown, path: Path): void {
  if (isMap(node)) sortKeys(node, path);
  if (isSeq(node)) for (const [index, item] of node.items.entries()) sortBelow(item, [...path, index]);
}

function nameOf(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

/** Top-level keys: a blank line in front of and behind what takes several lines, none at the start. */
function space({ items }: YAMLMap): void {
  let wasLong = false;
  for (const [index, { key, value }] of items.entries()) {
    const isLong = takesLines(value);
    if (isNode(key)) key.spaceBefore = index > 0 && (isLong || wasLong || key.spaceBefore === true);
    wasLong = isLong;
  }
}

function takesLines(node: unknown): boolean {
  if (isScalar(node)) return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

/** The writer would spell numbers its own way (`0644` as 644): each is written by a stand-in, and put back as it was. */
function asWritten(document: Document): string {
  const sources: string[] = [];
  visit(document, {
    Scalar: (_key, node) => {
      if (node.type !== 'PLAIN' || typeof node.value === 'string' || !node.source) return;
      node.value = `as-written-${sources.length}-`;
      sources.push(node.source);
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false, indent: 2, indentSeq: true });
  return text.replace(/as-written-(\d+)-/g, (standIn, index: string) => sources[Number(index)] ?? standIn);
}
