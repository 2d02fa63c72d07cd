import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { ImageRecord } from '../images/image-record.js';
import { leastTrust } from '../images/trust.js';
import { instanceTags } from '../images/tags.js';
import { createPoller, type Watched } from '../lib/batch-poll.js';
import type { Clock } from '../lib/clock.js';
import type { RunIdentity } from '../run-identity.js';
import { CloudFailure, type Cloud, type CommandEnd } from './cloud.js';
import { DEFAULT_BUDGETS, type Placement } from './context.js';
import { endAll } from './end-all.js';
import { isTransient } from './is-transient.js';
import { LONGEST_BYTES } from './kept-manifest.js';
import { MANIFEST_PATH } from './on-instance/manifest.js';
import { DEFAULT_TYPES } from './places.js';
import { unpack } from './unpack.js';

/** Reading takes a minute; the timer is for an instance that nobody watches any more. */
const LIFETIME_MINUTES = 30;
const COMMAND_SECONDS = 60;

/** 20,000 characters of base64: SSM keeps the first 24,000 of an answer (SSM API reference). */
const PIECE_BYTES = 15_000;
const NO_MANIFEST = 3;

/** Of a whole manifest, packed: hundreds of times what any has. */
const MOST_PACKED_BYTES = 4_194_304;

export interface ReadContext {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly run: RunIdentity;
  readonly placement: Placement;
  readonly signal: AbortSignal;
  readonly pollIntervalMs: number;
}

/** The text of the manifest in an image, read on a test instance of it that ends with this call. */
export async function readManifest(image: ImageRecord, context: ReadContext): Promise<string> {
  const { cloud, clock, signal, pollIntervalMs } = context;
  const poller = createPoller({ clock, signal, intervalMs: pollIntervalMs, isTransient });
  const agents = poller.watch(cloud.agents);
  const instanceId = await launch(image, context);
  const ends = poller.watch((commandIds: readonly string[]) => endsOf(commandIds, instanceId, cloud));
  try {
    await agents.wait(instanceId, {
      until: (view) => (view?.online === true ? true : undefined),
      timeoutMs: DEFAULT_BUDGETS.agentTimeoutMs,
      onTimeout: () => noAnswer(`${instanceId}, launched from ${image.imageId}, does not answer to Systems Manager`),
    });
    const pieces: Buffer[] = [];
    for (let size = 1, read = 0; read < size;) {
      const piece = await readPiece({ instanceId, image, from: read }, cloud, ends);
      pieces.push(piece.bytes);
      read += PIECE_BYTES;
      size = piece.size;
      if (!(size <= MOST_PACKED_BYTES)) throw noManifest(image, 'what it has for its manifest is too large for one');
    }
    const text = unpack(Buffer.concat(pieces), LONGEST_BYTES)?.toString();
    if (text === undefined) throw noManifest(image, 'what it has for its manifest is none');
    return text;
  } finally {
    await end(instanceId, context);
  }
}

async function end(instanceId: string, { cloud, clock }: ReadContext): Promise<void> {
  const trouble = (await endAll([instanceId], cloud, clock)).get(instanceId);
  if (trouble !== undefined) throw trouble;
}

async function endsOf(
  commandIds: readonly string[],
  instanceId: string,
  cloud: Cloud,
): Promise<ReadonlyMap<string, CommandEnd>> {
  const ends = await Promise.all(commandIds.map(async (id) => [id, await cloud.commandEnd(id, instanceId)] as const));
  return new Map(ends.flatMap(([id, end]) => (end === undefined ? [] : [[id, end] as const])));
}

async function launch(image: ImageRecord, { cloud, clock, run, placement }: ReadContext): Promise<string> {
  const types = placement.instanceType === undefined ? DEFAULT_TYPES[image.architecture] : [placement.instanceType];
  const { layer, architecture } = image;
  const now = clock.now();
  const expiresAt = now + LIFETIME_MINUTES * 60_000;
  // Without the layer's hash: who only reads holds no layer, and no build has to wait for it.
  const kept = { run, layer, templateHash: '', architecture, role: 'test', now, expiresAt, userTags: {} } as const;
  const tags = instanceTags({ ...kept, baseAmi: image.imageId, trust: leastTrust(run.trust, image.trust) });
  let lack: unknown;
  for (const instanceType of types) {
    try {
      const { instanceId } = await cloud.launch({
        imageId: image.imageId,
        market: 'on-demand',
        instanceType,
        subnetId: placement.subnetIds[0],
        securityGroupIds: placement.securityGroupIds,
        instanceProfile: placement.instanceProfile,
        volume: {},
        userData: `#!/bin/sh\nshutdown -h +${LIFETIME_MINUTES}\n`,
        tags,
        clientToken: `${image.imageId}-${instanceType}-${run.token}`.slice(0, 64),
      });
      return instanceId;
    } catch (error) {
      if (!(error instanceof CloudFailure && error.treatment === 'next-place')) throw error;
      lack = error;
    }
  }
  throw lack;
}

interface Piece {
  readonly instanceId: string;
  readonly image: ImageRecord;
  /** Bytes read before. */
  readonly from: number;
}

async function readPiece(
  { instanceId, image, from }: Piece,
  cloud: Cloud,
  ends: Watched<string, CommandEnd>,
): Promise<{ readonly size: number; readonly bytes: Buffer }> {
  const script = `[ -e ${MANIFEST_PATH} ] || exit ${NO_MANIFEST}
gzip -9nc ${MANIFEST_PATH} | wc -c
gzip -9nc ${MANIFEST_PATH} | tail -c +${from + 1} | head -c ${PIECE_BYTES} | base64 -w 0`;
  const command = {
    instanceIds: [instanceId],
    comment: 'ami-layers: manifest',
    script,
    timeoutSeconds: COMMAND_SECONDS,
  };
  const end = await ends.wait(await cloud.sendCommand(command), {
    until: (view) => view,
    timeoutMs: 2 * COMMAND_SECONDS * 1000,
    onTimeout: () => noAnswer(`${instanceId}, launched from ${image.imageId}, gave no answer`),
  });
  const [size = '', base64 = ''] = end.output.trim().split('\n');
  if (end.exitCode === 0) return { size: Number(size), bytes: Buffer.from(base64, 'base64') };
  if (end.exitCode !== NO_MANIFEST) throw noAnswer(`${instanceId} could not read the manifest (${end.detail})`);
  throw noManifest(image, 'a version of ami-layers made it that wrote none');
}

function noManifest({ imageId }: ImageRecord, why: string): InvalidInput {
  const message = `${imageId} has no manifest: ${why}`;
  return new InvalidInput([{ code: 'bad-input', message, fix: 'build the layer again: ami-layers build --rebuild' }]);
}

function noAnswer(message: string): InvalidInput {
  const fix = 'check the instance profile and the way to the Systems Manager endpoints, or try again.';
  return new InvalidInput([{ code: 'bad-input', message, fix }]);
}
