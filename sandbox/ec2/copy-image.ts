import type { CopyImageRequest, CopyImageResult } from '@aws-sdk/client-ec2';
import { AMAZON_ACCOUNT_ID, newId } from '../account.js';
import type { ImageRecord, SnapshotRecord } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { madeBefore, rememberToken } from './client-tokens.js';
import { awsManagedKey, findKey } from './encryption.js';
import { snapshotsOf } from './further-volumes.js';
import { ancestorsBelow } from './image-ancestry.js';
import { requireImage } from './image-lookup.js';
import { checkImageName } from './image-name.js';
import { NEW_IMAGE } from './new-image.js';
import { settingsOf } from './region-settings.js';
import { mayUse } from './snapshots.js';
import { mergeTags, tagsFor } from './tag-specifications.js';

const TAGGABLE = ['image', 'snapshot'];
/** What EC2 says of a volume that never was: the snapshot was copied from another. */
const NO_VOLUME = 'vol-ffffffff';
const NOT_ACCESSIBLE = 'Given key ID is not accessible';

/** Called in the Region that the copy is for. Launch permissions stay behind, tags too unless asked for (`UG:CopyingAMIs`). */
export function copyImage(world: World, request: CopyImageRequest, caller: Caller): CopyImageResult {
  const use = {
    scope: `${caller.account} CopyImage ${caller.region}`,
    token: request.ClientToken,
    longest: 128,
    request,
  };
  const earlier = madeBefore(world, use);
  if (earlier !== undefined) return { ImageId: earlier };

  const { SourceImageId = '', SourceRegion = '' } = request;
  const source = requireImage(world, { ...caller, region: SourceRegion }, SourceImageId);
  const name = checkImageName(world, caller, request.Name);
  const key = chooseKey(world, request, caller, source);
  if (source.state !== 'available') {
    throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${source.id}' is not available`);
  }
  const original = requireStorage(world, caller, source);
  const ownTags = source.owner === caller.account && request.CopyImageTags === true ? source.tags : {};
  const tags = Object.entries(tagsFor('image', request.TagSpecifications, TAGGABLE));

  const imageId = newId('ami');
  const snapshot: SnapshotRecord = {
    id: newId('snap'),
    owner: caller.account,
    region: caller.region,
    description:
      `Copied for DestinationAmi ${imageId} from SourceAmi ${source.id} for SourceSnapshot ${source.snapshotId}. ` +
      `Task created on ${world.now().toLocaleString('en-US')}.`,
    volumeId: NO_VOLUME,
    volumeGb: source.volumeGb,
    kmsKeyArn: key.arn,
    createdAt: world.now(),
    layers: original?.layers ?? [],
    state: 'pending',
    stateMessage: undefined,
    volumePermissions: [],
    tags: tagsFor('snapshot', request.TagSpecifications, TAGGABLE),
  };
  const further = source.furtherVolumes.map(({ volumeGb }) => ({
    ...snapshot,
    id: newId('snap'),
    volumeGb,
    layers: [],
    tags: { ...snapshot.tags },
  }));
  const image: ImageRecord = {
    ...source,
    ...NEW_IMAGE,
    virtualizationType: source.virtualizationType,
    enaSupport: source.enaSupport,
    rootDeviceName: source.rootDeviceName,
    imdsSupport: source.imdsSupport,
    id: imageId,
    owner: caller.account,
    region: caller.region,
    name,
    description: request.Description,
    snapshotId: snapshot.id,
    furtherVolumes: source.furtherVolumes.map((volume, at) => ({ ...volume, snapshotId: further[at]?.id ?? '' })),
    sourceImageId: source.id,
    sourceRegion: source.region,
    sourceInstanceId: undefined,
    ancestors: ancestorsBelow(source),
    createdAt: world.now(),
    state: 'pending',
    tags: mergeTags(
      ownTags,
      tags.map(([Key, Value]) => ({ Key, Value })),
    ),
  };
  for (const one of [snapshot, ...further]) {
    world.state.snapshots[one.id] = one;
    world.changed('snapshots', one.id);
  }
  world.state.images[image.id] = image;
  world.changed('images', image.id);
  rememberToken(world, use, image.id);
  world.after(world.delays.imageAvailableMs, () => finish(world, image.id, key.failure));
  return { ImageId: image.id };
}

/** The copy shares its layers with the original, so there is nothing to wait for but the time that it takes. */
function finish(world: World, id: string, failure: string | undefined): void {
  const image = world.state.images[id];
  if (image === undefined) return;
  image.state = failure === undefined ? 'available' : 'failed';
  image.stateReason = failure;
  for (const snapshot of snapshotsOf(world, image)) {
    snapshot.state = failure === undefined ? 'completed' : 'error';
    snapshot.stateMessage = failure;
    world.changed('snapshots', snapshot.id);
  }
  world.changed('images', image.id);
}

interface ChosenKey {
  readonly arn: string | undefined;
  /** How the copy ends when the key cannot be used: EC2 looks only after it has answered (`SDK CopyImage KmsKeyId`). */
  readonly failure: string | undefined;
}

/** What was encrypted stays so; only the key can be another one. Without a key given: the account's default one. */
function chooseKey(world: World, request: CopyImageRequest, caller: Caller, source: ImageRecord): ChosenKey {
  const { Encrypted, KmsKeyId } = request;
  if (KmsKeyId !== undefined && Encrypted !== true) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter KmsKeyId requires the parameter Encrypted to be set.',
    );
  }
  const sourceKey = world.state.snapshots[source.snapshotId]?.kmsKeyArn;
  if (sourceKey !== undefined && Encrypted === false) {
    throw new AwsError('InvalidParameterValue', 'You cannot copy an encrypted snapshot to an unencrypted one.');
  }
  const { encryptByDefault, defaultKmsKeyArn } = settingsOf(world, caller);
  if (KmsKeyId !== undefined) {
    const arn = findKey(caller, KmsKeyId);
    return { arn: arn ?? KmsKeyId, failure: arn === undefined ? NOT_ACCESSIBLE : undefined };
  }
  const isEncrypted = Encrypted === true || sourceKey !== undefined || encryptByDefault;
  return { arn: isEncrypted ? (defaultKmsKeyArn ?? awsManagedKey(caller)) : undefined, failure: undefined };
}

/** Whoever may launch an image may not yet copy it: that takes permission for the snapshot (`UG:how-ami-copy-works`). */
function requireStorage(world: World, { account }: Caller, source: ImageRecord): SnapshotRecord | undefined {
  if (source.owner === AMAZON_ACCOUNT_ID) return undefined;
  const snapshot = world.state.snapshots[source.snapshotId];
  if (snapshot === undefined || !mayUse(snapshot, account)) {
    throw new AwsError('InvalidRequest', 'You do not have permission to access the storage of this ami');
  }
  return snapshot;
}
