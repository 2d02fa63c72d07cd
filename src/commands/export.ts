import { gzipSync } from 'node:zlib';
import { posix } from 'node:path';
import { inputFiles } from '../build/bundle.js';
import { exportsOf } from '../build/on-instance/environment.js';
import { DEFAULT_BUDGETS } from '../build/context.js';
import { BUNDLE_ROOT } from '../build/on-instance/layout.js';
import { ANYWHERE, placesOf } from '../build/places.js';
import { builderSteps } from '../build/run-steps.js';
import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { LayerNode } from '../graph/layer-graph.js';
import { imageName } from '../plan/image-name.js';
import { computeHashes } from '../plan/template-hash.js';
import { variantKey } from '../plan/variant.js';
import { renderPacker } from '../report/export-packer.js';
import { renderExport, type ExportedLayer } from '../report/export-script.js';
import { baseText } from '../template/base-text.js';
import type { Architecture, BaseReference } from '../template/layer.js';
import type { Workspace } from '../workspace/workspace.js';
import { architectureOf } from './architecture-of.js';
import { findLayer, type FoundLayer } from './find-layer.js';
import type { VariantQuestion } from './explain.js';

/** EC2 takes 16 KB of user data, before base64 (EC2 User Guide, "Run commands at launch"). */
const MOST_USER_DATA_BYTES = 16_384;

export interface UserData {
  readonly script: string;
  /** The script where it fits, else the same compressed, which cloud-init unpacks by itself. */
  readonly bytes: Uint8Array;
  readonly isCompressed: boolean;
}

/** The chain of a layer as user data. Throws `InvalidInput` when it does not fit. */
export async function exportUserData(question: VariantQuestion, workspace: Workspace): Promise<UserData> {
  const found = await findLayer(question, workspace);
  const script = scriptOf(found, architectureOf(found.node, question.architecture), workspace);
  const plain = Buffer.from(script);
  if (plain.length <= MOST_USER_DATA_BYTES) return { script, bytes: plain, isCompressed: false };
  const bytes = gzipSync(plain, { level: 9 });
  if (bytes.length <= MOST_USER_DATA_BYTES) return { script, bytes, isCompressed: true };
  throw new InvalidInput([tooLarge(found, bytes.length)]);
}

/** The chain of a layer as a Packer template. */
export async function exportPacker(question: VariantQuestion, workspace: Workspace): Promise<string> {
  const found = await findLayer(question, workspace);
  const { node, graph } = found;
  const architecture = architectureOf(node, question.architecture);
  const hashes = computeHashes(graph).get(variantKey(node.layer.name, architecture));
  if (hashes === undefined) throw new Error(`no hash for ${node.layer.name}`);
  const { layer } = node;
  return renderPacker({
    layer,
    architecture,
    base: baseOf(found),
    region: node.region,
    instanceType: placesOf({ node, architecture }, 'builder', ANYWHERE)[0]?.instanceType ?? '',
    imageName: imageName({
      layer: layer.name,
      version: layer.version,
      architecture,
      ...hashes,
      earlier: [],
      taken: new Set(),
    }),
    script: scriptOf(found, architecture, workspace),
  });
}

function scriptOf(found: FoundLayer, architecture: Architecture, workspace: Workspace): string {
  return renderExport({
    variant: variantKey(found.node.layer.name, architecture),
    base: baseText(baseOf(found)),
    root: BUNDLE_ROOT,
    layers: found.lineage.map((node) => exported(node, architecture, workspace)),
  });
}

function exported(node: LayerNode, architecture: Architecture, workspace: Workspace): ExportedLayer {
  return {
    name: node.layer.name,
    folder: posix.dirname(node.layer.templatePath),
    environment: exportsOf(node.env),
    files: inputFiles(node, workspace),
    steps: builderSteps({ node, architecture }, DEFAULT_BUDGETS.stepTimeoutMs),
  };
}

function baseOf({ lineage }: FoundLayer): BaseReference {
  const parent = lineage[0]?.layer.parent;
  if (parent?.kind !== 'base') throw new Error('a chain begins with a layer on a base image');
  return parent.reference;
}

function tooLarge({ lineage, node }: FoundLayer, bytes: number): Diagnostic {
  const inputs = lineage.flatMap(({ layer }) => layer.steps.flatMap((step) => step.inputs));
  const [largest] = inputs.toSorted((a, b) => b.bytes - a.bytes);
  const hint = largest === undefined ? '' : `; the largest file is ${largest.path} with ${largest.bytes} bytes`;
  return {
    code: 'bad-input',
    message: `the chain of "${node.layer.name}" is ${bytes} bytes of user data, compressed, and EC2 takes ${MOST_USER_DATA_BYTES}${hint}`,
    fix: 'let a step download what is large, or use --format packer.',
    span: node.layer.spans.template,
  };
}
