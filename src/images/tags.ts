import type { RunIdentity } from '../run-identity.js';
import type { Architecture } from '../template/layer.js';
import type { BuildState, ImageRecord } from './image-record.js';
import type { InstanceRecord, InstanceState, Market } from './instance-record.js';
import type { Stored } from './stored.js';
import type { Trust } from './trust.js';

/** Every tag key of this tool starts with it; users' tags may not. This file is the only one that knows the keys. */
export const TAG_PREFIX = 'ami-layers:';

export type Tags = Readonly<Record<string, string>>;

/** Raised when the meaning of a tag changes. */
const FORMAT = '1';

/** EC2 allows 256 characters in a tag's value and 50 tags on a resource (EC2 User Guide, tag restrictions). */
const MAX_VALUE_LENGTH = 256;

export const MANAGED_TAG = `${TAG_PREFIX}managed`;
export const TEMPLATE_HASH_TAG = `${TAG_PREFIX}template-hash`;
export const RUN_TOKEN_TAG = `${TAG_PREFIX}run-token`;
export const LATEST_TAG = `${TAG_PREFIX}latest`;
export const SCOPE_TAG = `${TAG_PREFIX}scope`;
export const TRUST_TAG = `${TAG_PREFIX}trust`;
const HEARTBEAT = 'heartbeat';

/** In place of a time: nobody is at it any more. */
const RELEASED = 'released';

/** The vendor image under a root layer. */
export interface RootImage {
  readonly imageId: string;
  /** As the root's template calls it: `al2023`. */
  readonly reference: string;
}

export interface ImageDescription {
  /** Who makes it; on every resource from the call that creates it. */
  readonly run: RunIdentity;
  readonly layer: string;
  readonly version: string | undefined;
  readonly architecture: Architecture;
  readonly templateHash: string;
  readonly validationHash: string;
  /** A digest of each part of what it is made from. */
  readonly inputs: string;
  readonly templatePath: string;
  /** `bucket:/where`, for whoever launches the image. */
  readonly dataMounts: readonly string[];
  readonly parentLayer: string | undefined;
  /** The image the builder was launched from. */
  readonly baseAmi: string;
  readonly root: RootImage;
  /** Of all that it is made from: the run's code, its builder, its parent. */
  readonly trust: Trust;
  readonly depth: number;
  readonly reason: string;
  readonly buildSeconds: number;
  /** Of its builder, in US dollars; undefined where its price is not known. */
  readonly buildCostUsd: number | undefined;
  /** ISO 8601. */
  readonly created: string;
  /** What the console shows as the image's name. */
  readonly displayName: string;
  readonly userTags: Tags;
}

/** Tags of an image and its snapshots in the call that creates them: not validated yet. */
export function imageTags(image: ImageDescription): Tags {
  return {
    ...sayingTags(image),
    ...prefixed({
      ...originTags(image),
      format: FORMAT,
      layer: image.layer,
      'template-hash': image.templateHash,
      'validation-hash': image.validationHash,
      inputs: image.inputs,
      architecture: image.architecture,
      'parent-layer': image.parentLayer,
      'base-ami': image.baseAmi,
      'root-ami': image.root.imageId,
      'root-base': image.root.reference,
      depth: String(image.depth),
      state: 'building' satisfies BuildState,
      reason: image.reason,
      'build-seconds': String(image.buildSeconds),
      'build-cost-usd': image.buildCostUsd?.toFixed(6),
      created: image.created,
      ...runTags(image.run),
    }),
  };
}

/** What an image carries of its template without being made of it; it may change while the image stays. */
export type Saying = Pick<ImageDescription, 'displayName' | 'userTags' | 'version' | 'templatePath' | 'dataMounts'>;

function sayingTags({ displayName, userTags, version, templatePath, dataMounts }: Saying): Tags {
  return {
    ...userTags,
    Name: displayName,
    ...prefixed({
      version,
      'template-path': templatePath,
      'data-mounts': dataMounts.length === 0 ? undefined : dataMounts.join(' '),
    }),
  };
}

export interface Restatement {
  readonly write: Tags;
  readonly remove: readonly string[];
}

/** What has to become of an image's tags for it to say what the template says now, and nothing that another said. */
export function restate({ tags }: Pick<ImageRecord, 'tags'>, saying: Saying): Restatement {
  const wanted = sayingTags(saying);
  const write = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  const isSaid = (key: string): boolean =>
    key.startsWith(TAG_PREFIX) ? SAID_TAGS.includes(key.slice(TAG_PREFIX.length)) : !key.startsWith(AWS_PREFIX);
  const remove = Object.keys(tags).filter((key) => isSaid(key) && wanted[key] === undefined);
  return { write: Object.fromEntries(write), remove };
}

const SAID_TAGS = ['version', 'template-path', 'data-mounts'];

/** Nobody but AWS may write or remove these (EC2 User Guide, tag restrictions). */
const AWS_PREFIX = 'aws:';

export interface InstanceDescription {
  /** Who makes it; on every resource from the call that creates it. */
  readonly run: RunIdentity;
  readonly layer: string;
  readonly templateHash: string;
  readonly architecture: Architecture;
  readonly role: 'builder' | 'test';
  /** The image its disk stands on; EC2 knows only the one it was launched from. */
  readonly baseAmi: string;
  /** Of all that is on its disk: the run's code and the image it is launched from. */
  readonly trust: Trust;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds since the epoch; past it nobody needs the instance any more. */
  readonly expiresAt: number;
  readonly userTags: Tags;
}

/** Tags of a builder or test instance, its volumes and network interfaces in the call that launches it. */
export function instanceTags(instance: InstanceDescription): Tags {
  return { ...prefixed(originTags(instance)), ...nextLayerTags(instance) };
}

/** What a run writes on a builder that it has to go on with it for another layer: all but whose it is and whose code it has run. */
export function nextLayerTags(instance: Omit<InstanceDescription, 'trust'>): Tags {
  return {
    ...instance.userTags,
    Name: `ami-layers ${instance.role} ${instance.layer}`,
    ...prefixed({
      layer: instance.layer,
      'template-hash': instance.templateHash,
      architecture: instance.architecture,
      role: instance.role,
      'base-ami': instance.baseAmi,
      expires: new Date(instance.expiresAt).toISOString(),
      [HEARTBEAT]: new Date(instance.now).toISOString(),
      ...runTags(instance.run),
    }),
  };
}

/** Says that the run of an instance is still at it. */
export function heartbeatTags(now: number): Tags {
  return prefixed({ [HEARTBEAT]: new Date(now).toISOString() });
}

/** What a run writes on a builder that it takes over from one that is gone. Whose it is and whose code it has run stays. */
export function claimTags(run: RunIdentity, now: number): Tags {
  return { ...prefixed(runTags(run)), ...heartbeatTags(now) };
}

/** Leaves an instance to whichever run comes next. */
export function releaseTags(): Tags {
  return prefixed({ [HEARTBEAT]: RELEASED });
}

/** The command, on an instance that is gone, whose answer has the manifest of an image. */
export interface ManifestPlace {
  readonly commandId: string;
  readonly instanceId: string;
}

/** What a validation leaves on an image: the verdict, which checks gave it, and where the image's manifest was told. */
export function verdictTags(
  state: 'validated' | 'rejected',
  validationHash: string,
  { commandId, instanceId }: ManifestPlace,
): Tags {
  return prefixed({ state, 'validation-hash': validationHash, 'manifest-in': `${commandId}/${instanceId}` });
}

/** Written with the verdict. */
export function storedTags({ bytes, isExact }: Stored): Tags {
  return prefixed({ 'stored-bytes': `${bytes}${isExact ? '' : ' at least'}` });
}

/** An AMI as EC2 describes it, in plain values. */
export interface DescribedImage {
  readonly imageId: string;
  readonly name: string;
  readonly region: string;
  readonly state: string;
  /** EC2's reason for the state. */
  readonly stateReason: string | undefined;
  readonly creationDate: string;
  readonly snapshots: readonly string[];
  readonly tags: Tags;
}

/** Reads an image of this tool back from its tags; undefined when they are not this tool's, or not whole. */
export function readImage(image: DescribedImage): ImageRecord | undefined {
  const tag = (key: string): string | undefined => image.tags[`${TAG_PREFIX}${key}`];
  const layer = tag('layer');
  const templateHash = tag('template-hash');
  const architecture = tag('architecture');
  const buildState = tag('state');
  const baseAmi = tag('base-ami');
  if (tag('managed') !== 'true' || tag('format') !== FORMAT) return undefined;
  if (layer === undefined || templateHash === undefined || baseAmi === undefined) return undefined;
  if (!isArchitecture(architecture) || !isBuildState(buildState)) return undefined;
  const buildSeconds = Number(tag('build-seconds'));
  return {
    imageId: image.imageId,
    name: image.name,
    region: image.region,
    availability: availabilityOf(image.state),
    state: image.state,
    stateReason: image.stateReason,
    snapshots: image.snapshots,
    architecture,
    layer,
    version: tag('version'),
    templateHash,
    validationHash: tag('validation-hash') ?? '',
    buildState: buildState === 'building' && image.state === 'available' ? 'built' : buildState,
    latest: tag('latest') === 'true',
    parentLayer: tag('parent-layer'),
    baseAmi,
    buildSeconds: Number.isFinite(buildSeconds) ? buildSeconds : undefined,
    created: tag('created') ?? image.creationDate,
    runId: tag('run-id') ?? '',
    scope: scopeOf(image.tags),
    trust: trustOf(image.tags),
    tags: image.tags,
  };
}

/** An instance as EC2 describes it, in plain values. */
export interface DescribedInstance {
  readonly instanceId: string;
  readonly region: string;
  /** What it was launched from. */
  readonly imageId: string;
  readonly instanceType: string;
  readonly market: Market;
  readonly state: InstanceState;
  /** EC2's reason for the state. */
  readonly stateReason: string | undefined;
  /** Milliseconds since the epoch. */
  readonly launchedAt: number;
  readonly tags: Tags;
}

/** Reads an instance of this tool back from its tags; undefined when they are not this tool's, or not whole. */
export function readInstance({ tags, ...described }: DescribedInstance): InstanceRecord | undefined {
  const tag = (key: string): string | undefined => tags[`${TAG_PREFIX}${key}`];
  const layer = tag('layer');
  const templateHash = tag('template-hash');
  const role = tag('role');
  // Instances of this format carry no tag that says so.
  if (tag('managed') !== 'true' || (tag('format') ?? FORMAT) !== FORMAT) return undefined;
  if (layer === undefined || templateHash === undefined || (role !== 'builder' && role !== 'test')) return undefined;
  return {
    ...described,
    imageId: tag('base-ami') ?? described.imageId,
    role,
    layer,
    templateHash,
    scope: scopeOf(tags),
    trust: trustOf(tags),
    runId: tag('run-id') ?? '',
    runAttempt: Number(tag('run-attempt') ?? 1),
    runToken: tag('run-token') ?? '',
    heartbeatAt: timeOf(tag(HEARTBEAT)),
    expiresAt: timeOf(tag('expires')),
  };
}

/** Milliseconds since the epoch; undefined where the tag has no time. */
function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** What the images of a layer's children inherit from it. */
export interface Lineage {
  readonly root: RootImage;
  /** Of everything between the root and the layer, and of the layer. */
  readonly trust: Trust;
}

/** As an image's tags have it. */
export function lineageOf(image: ImageRecord): Lineage {
  return { root: rootOf(image), trust: image.trust };
}

function rootOf({ tags }: ImageRecord): RootImage {
  return { imageId: tags[`${TAG_PREFIX}root-ami`] ?? '', reference: tags[`${TAG_PREFIX}root-base`] ?? '' };
}

/** The digests of what an image was made from; undefined for one of a version that did not record them. */
export function carriedInputs({ tags }: ImageRecord): string | undefined {
  return tags[`${TAG_PREFIX}inputs`];
}

/** What its builder cost, in US dollars; undefined where that was not known. */
export function buildCostOf({ tags }: ImageRecord): number | undefined {
  const text = tags[`${TAG_PREFIX}build-cost-usd`];
  const usd = Number(text);
  return text === undefined || !Number.isFinite(usd) ? undefined : usd;
}

/** Where an image's manifest was told; undefined for one of a version that did not ask for it. */
export function manifestPlaceOf({ tags }: ImageRecord): ManifestPlace | undefined {
  const [, commandId, instanceId] =
    /^([0-9a-f-]{36})\/(i-[0-9a-f]+)$/.exec(tags[`${TAG_PREFIX}manifest-in`] ?? '') ?? [];
  return commandId === undefined || instanceId === undefined ? undefined : { commandId, instanceId };
}

/** Undefined for an image that does not say: of an older version, or where it was not allowed to count. */
export function storedOf({ tags }: ImageRecord): Stored | undefined {
  const [, bytes, atLeast] = /^(\d+)( at least)?$/.exec(tags[`${TAG_PREFIX}stored-bytes`] ?? '') ?? [];
  return bytes === undefined ? undefined : { bytes: Number(bytes), isExact: atLeast === undefined };
}

/** The image that one of this tool was made on. */
export function baseAmiOf(tags: Tags): string | undefined {
  return tags[`${TAG_PREFIX}base-ami`];
}

/** The commit an image was made of; undefined for one that was built in a terminal. */
export function commitOf({ tags }: ImageRecord): string | undefined {
  return tags[`${TAG_PREFIX}commit`];
}

/** As what an image may be stood on whose tags are these; what bears one of our marks is ours, whole or not. */
export function baseOf(tags: Tags): { readonly trust: Trust; readonly isFinished: boolean } {
  const isOurs = [MANAGED_TAG, SCOPE_TAG, TRUST_TAG].some((key) => tags[key] !== undefined);
  if (!isOurs) return { trust: 'main', isFinished: true };
  const state: BuildState = 'validated';
  return { trust: trustOf(tags), isFinished: tags[`${TAG_PREFIX}state`] === state };
}

/** EC2 has eight states (SDK ImageState); whatever is neither usable nor on its way there counts as failed. */
function availabilityOf(state: string): ImageRecord['availability'] {
  if (state === 'available') return 'available';
  return state === 'pending' || state === 'transient' ? 'pending' : 'failed';
}

function runTags(run: RunIdentity): Readonly<Record<string, string | undefined>> {
  return {
    'run-id': run.id,
    'run-attempt': String(run.attempt),
    'run-token': run.token,
    commit: run.commit,
    ref: run.ref,
    'pull-request': run.pullRequest?.toString(),
    repository: run.repository,
  };
}

/** Written once, in the call that creates a resource. */
function originTags({
  run,
  trust,
}: {
  readonly run: RunIdentity;
  readonly trust: Trust;
}): Readonly<Record<string, string>> {
  return { managed: 'true', scope: run.scope, trust };
}

/** Where nothing says whose a resource is: made in a terminal, in a folder without a remote. */
export const LOCAL_SCOPE = 'local';

/** Resources of versions that knew no scopes are their repository's. */
function scopeOf(tags: Tags): string {
  return tags[SCOPE_TAG] ?? tags[`${TAG_PREFIX}repository`] ?? LOCAL_SCOPE;
}

/** What does not say it is not trusted. */
function trustOf(tags: Tags): Trust {
  return tags[TRUST_TAG] === 'main' ? 'main' : 'pr';
}

function prefixed(values: Readonly<Record<string, string | undefined>>): Tags {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${TAG_PREFIX}${key}`, tagValue(value)]],
    ),
  );
}

/** EC2's documented characters only: a reason or a ref may contain others. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{Z}+\-=._:/@]/gu, '_').slice(0, MAX_VALUE_LENGTH);
}

function isArchitecture(value: string | undefined): value is Architecture {
  return value === 'x86_64' || value === 'arm64';
}

function isBuildState(value: string | undefined): value is BuildState {
  return value === 'building' || value === 'built' || value === 'validated' || value === 'rejected';
}
