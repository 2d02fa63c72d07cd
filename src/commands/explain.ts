import type { Cloud } from '../build/cloud.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { ImageRecord } from '../images/image-record.js';
import { carriedInputs } from '../images/tags.js';
import { compareLineages, explainHashes, type Explained, type LayerChange } from '../plan/explain-hash.js';
import { changedGroups } from '../plan/input-groups.js';
import type { Architecture } from '../template/layer.js';
import type { Workspace } from '../workspace/workspace.js';
import { architectureOf } from './architecture-of.js';
import { findLayer, type FoundLayer, type LayerQuestion } from './find-layer.js';

export interface VariantQuestion extends LayerQuestion {
  readonly architecture: Architecture | undefined;
}

export interface Explanation {
  readonly architecture: Architecture;
  /** The root layer first, the layer itself last. */
  readonly lineage: readonly Explained[];
}

/** What a layer's hashes are made from; asks nothing of AWS. */
export async function explain(question: VariantQuestion, workspace: Workspace): Promise<Explanation> {
  return explanationOf(await findLayer(question, workspace), question.architecture);
}

function explanationOf({ graph, node }: FoundLayer, asked: Architecture | undefined): Explanation {
  const architecture = architectureOf(node, asked);
  return { architecture, lineage: explainHashes(graph, node.layer.name, architecture) };
}

export interface Comparison extends Explanation {
  /** Empty: the hashes are the same. */
  readonly changes: readonly LayerChange[];
}

/** Why the hashes differ from those of another state of the repository. The layer may be new: then all of it is. */
export async function explainAgainst(
  question: VariantQuestion,
  { workspace, before }: { readonly workspace: Workspace; readonly before: Workspace },
): Promise<Comparison> {
  const now = await explain(question, workspace);
  const then = await lineageThen({ ...question, architecture: now.architecture }, now, before);
  return { ...now, changes: compareLineages(then, now.lineage) };
}

/** Nothing where the layer, its architecture or the folder of its template was not there yet. */
async function lineageThen(
  question: VariantQuestion,
  now: Explanation,
  before: Workspace,
): Promise<readonly Explained[]> {
  const name = now.lineage.at(-1)?.layer ?? question.layer;
  try {
    return await explainHashesThen({ ...question, layer: name }, before);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const others = error.diagnostics.filter(({ code, span }) => code !== 'unknown-layer' && span !== undefined);
    const [first] = others;
    if (first === undefined) return [];
    const message = `the templates of that commit have problems themselves: ${first.message}`;
    throw new InvalidInput([{ code: 'bad-input', message, fix: 'compare with a commit whose templates are right.' }]);
  }
}

async function explainHashesThen(question: VariantQuestion, before: Workspace): Promise<readonly Explained[]> {
  const found = await findLayer(question, before);
  const { architecture } = question;
  if (architecture === undefined || !found.node.architectures.includes(architecture)) return [];
  return explainHashes(found.graph, found.node.layer.name, architecture);
}

export interface ImageComparison extends Explanation {
  readonly image: ImageRecord;
  /** Groups of inputs that differ; undefined when the image does not carry what it was made from. */
  readonly groups: readonly string[] | undefined;
}

/** Why the hash is not the one of an image. Throws when the image is not there, or is another layer's. */
export async function explainImage(
  { imageId, ...question }: VariantQuestion & { readonly imageId: string },
  { workspace, cloud }: { readonly workspace: Workspace; readonly cloud: Cloud },
): Promise<ImageComparison> {
  const found = await findLayer(question, workspace);
  const image = (await cloud.listImages()).find((listed) => listed.imageId === imageId);
  if (image === undefined) throw noImage(imageId, cloud.region);
  const { name } = found.node.layer;
  if (image.layer !== name) {
    const fix = `ask for its own layer: ami-layers explain ${image.layer} --image ${imageId}`;
    throw new InvalidInput([
      { code: 'bad-input', message: `${imageId} is an image of "${image.layer}", not of "${name}"`, fix },
    ]);
  }
  const explanation = explanationOf(found, question.architecture ?? image.architecture);
  const own = explanation.lineage.at(-1);
  const carried = carriedInputs(image);
  const groups = own === undefined || carried === undefined ? undefined : changedGroups(own.input, carried);
  return { ...explanation, image, groups };
}

function noImage(imageId: string, region: string): InvalidInput {
  return new InvalidInput([
    {
      code: 'bad-input',
      message: `--image ${imageId}: ami-layers made no image of that id in ${region}`,
      fix: 'see `ami-layers list`, or name its Region with --region.',
    },
  ]);
}
