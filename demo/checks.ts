import { inspect, isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ActionResult } from '../sandbox/github/runner.js';
import type { Cloud, CloudImage } from './cloud.js';
import type { Expected } from './scenarios.js';

/** Something that had to come true, and whether it did. */
export interface Check {
  readonly text: string;
  /** What was found instead; undefined: it is as it had to be. */
  readonly instead: string | undefined;
}

/** All that can be looked at after a scenario. */
export interface Evidence {
  readonly action: ActionResult;
  /** The sandbox before and after the action ran. */
  readonly before: Cloud;
  readonly after: Cloud;
  /** The pull request's comments as they are now; empty for a push. */
  readonly comments: readonly string[];
  /** Requests of this run that changed a comment. */
  readonly commentWrites: readonly string[];
  /** Files that steps wrote into their layers, and that are on this machine itself now. */
  readonly spilt: readonly string[];
}

/** Compares what a scenario had to bring with what it brought. */
export function checkScenario(expected: Expected, evidence: Evidence): readonly Check[] {
  const { action, before, after, spilt } = evidence;
  const { layers } = expected;
  const calls = (operation: string) => (after.calls.get(operation) ?? 0) - (before.calls.get(operation) ?? 0);
  return [
    is(`exit status ${expected.exitCode}`, action.exitCode, expected.exitCode),
    is(`output result: ${expected.result}`, action.outputs.result, expected.result),
    ...Object.entries(layers).map(([output, names]) =>
      is(`output ${output}: ${listOf(names)}`, readLayers(action.outputs[output]), names.toSorted()),
    ),
    is(`${expected.instances} instances were launched`, calls('RunInstances'), expected.instances),
    is(`${expected.images} images were made`, calls('CreateImage'), expected.images),
    ...checkImages(expected, evidence),
    ...checkLatest(expected, evidence),
    ...checkComment(expected, evidence),
    is(`errors are on: ${listOf(expected.annotated)}`, errorLines(action), expected.annotated),
    is('the post step ended well', action.post?.conclusion, 'success'),
    is('nothing is left running or half made', after.leftovers, []),
    is('nothing that the steps wrote is on this machine itself', spilt, []),
  ];
}

function checkImages({ layers }: Expected, { action, before, after }: Evidence): readonly Check[] {
  const known = new Set(before.images.map(({ imageId }) => imageId));
  const made = after.images.filter(({ imageId }) => !known.has(imageId));
  const statesOf = (names: readonly string[]) =>
    made.filter(({ layer }) => names.includes(layer)).map(({ layer, state }) => `${layer}: ${state}`);
  const usable = [...layers.built, ...layers.reused].toSorted();
  const amis = Object.entries(Amis.parse(JSON.parse(action.outputs.amis ?? '{}')));
  const layerOf = new Map(after.images.filter(isValidated).map(({ imageId, layer }) => [imageId, layer]));
  return [
    is(
      `output amis: a validated image of ${listOf(usable)}`,
      amis.map(([layer, imageId]) => (layerOf.get(imageId) === layer ? layer : `${layer}: ${imageId}`)).toSorted(),
      usable,
    ),
    ...(layers.built.length === 0
      ? []
      : [
          is(
            'every image built is validated',
            statesOf(layers.built).toSorted(),
            layers.built.map((name) => `${name}: validated`).toSorted(),
          ),
          is('every builder started from the image of its parent', strangers(made, after.images), []),
        ]),
    ...layers.failed.map((name) => is(`the new image of ${name} is rejected`, statesOf([name]), [`${name}: rejected`])),
  ];
}

/** Images whose builder was launched from something else than a validated image of the parent layer. */
function strangers(made: readonly CloudImage[], all: readonly CloudImage[]): readonly string[] {
  const validated = new Map(all.filter(isValidated).map(({ imageId, layer }) => [imageId, layer]));
  return made
    .filter(({ parentLayer, launchedFrom }) => validated.get(launchedFrom) !== parentLayer)
    .map(({ layer, launchedFrom }) => `${layer} from ${launchedFrom}`);
}

function checkLatest({ latest }: Expected, { before, after }: Evidence): readonly Check[] {
  const latestOf = ({ images }: Cloud) =>
    images
      .filter((image) => image.latest)
      .map(({ layer, imageId }) => `${layer} ${imageId}`)
      .toSorted();
  if (latest === 'as before') return [is('latest is as it was', latestOf(after), latestOf(before))];
  const layersOf = latestOf(after).map((entry) => entry.split(' ')[0]);
  return [is(`latest: ${listOf(latest)}`, layersOf, latest.toSorted())];
}

function checkComment({ comment }: Expected, { comments, commentWrites }: Evidence): readonly Check[] {
  if (comment === undefined) return [is('no comment is written', commentWrites, [])];
  const [text = ''] = comments;
  return [
    is('the pull request has one comment', comments.length, 1),
    is(
      `it says ${comment.map((words) => `"${words}"`).join(', ')}`,
      comment.filter((words) => text.includes(words)),
      comment,
    ),
  ];
}

function errorLines({ annotations }: ActionResult): readonly string[] {
  return annotations.flatMap(({ level, file, line }) => (level === 'error' && file ? [`${file}:${line ?? 0}`] : []));
}

const isValidated = ({ state }: CloudImage): boolean => state === 'validated';

function is(text: string, actual: unknown, wanted: unknown): Check {
  return { text, instead: isDeepStrictEqual(actual, wanted) ? undefined : inspect(actual, { breakLength: Infinity }) };
}

const Names = z.array(z.string());
const Amis = z.record(z.string(), z.string());

function readLayers(output: string | undefined): readonly string[] | undefined {
  return output === undefined ? undefined : Names.parse(JSON.parse(output)).toSorted();
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
