import { createHash } from 'node:crypto';
import { temporaryAccessKeyId } from '../account.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';

/** A directory of the metadata, or what stands under a name. */
export type MetadataNode = string | { readonly [name: string]: MetadataNode | undefined };

const CREDENTIALS_MS = 6 * 3_600_000;

/** What the instance can read of itself below /latest/ (`UG:instancedata-data-categories`), as it is now. */
export function instanceMetadata(world: World, instance: InstanceRecord): MetadataNode {
  const { id, region, zone, privateIp, profileArn, interruptedAt, market } = instance;
  const hostname = `ip-${privateIp.replaceAll('.', '-')}.${region}.compute.internal`;
  const interruption = interruptedAt === undefined ? undefined : new Date(interruptedAt).toISOString();
  return {
    dynamic: { 'instance-identity': { document: JSON.stringify(identityDocument(instance), undefined, 2) } },
    'meta-data': {
      'ami-id': instance.imageId,
      'ami-launch-index': '0',
      'block-device-mapping': { ami: '/dev/xvda', root: '/dev/xvda' },
      hostname,
      iam: profileArn === undefined ? undefined : roleMetadata(world, instance, profileArn),
      'instance-action': 'none',
      'instance-id': id,
      'instance-life-cycle': market.kind,
      'instance-type': instance.type,
      'local-hostname': hostname,
      'local-ipv4': privateIp,
      mac: macOf(id),
      placement: { 'availability-zone': zone, region },
      profile: 'default-hvm',
      'reservation-id': instance.reservationId,
      'security-groups': 'default',
      services: { domain: 'amazonaws.com', partition: 'aws' },
      spot:
        interruption === undefined || market.kind !== 'spot'
          ? undefined
          : {
              'instance-action': JSON.stringify({ action: market.onInterruption, time: interruption }),
              ...(market.onInterruption === 'terminate' && { 'termination-time': interruption }),
            },
      tags: instance.metadataTags === 'enabled' ? { instance: instance.tags } : undefined,
    },
    ...(instance.userData !== undefined && { 'user-data': Buffer.from(instance.userData, 'base64').toString() }),
  };
}

/** The role has the instance profile's name: there is no IAM here to ask which one is in it. */
function roleMetadata(world: World, { id, owner }: InstanceRecord, profileArn: string): MetadataNode {
  const role = profileArn.slice(profileArn.lastIndexOf('/') + 1);
  const expiresAt = world.now() + CREDENTIALS_MS;
  const arn = `arn:aws:sts::${owner}:assumed-role/${role}/${id}`;
  const session = { accessKeyId: temporaryAccessKeyId(owner), arn, userId: `AROASANDBOX0000000000:${id}`, expiresAt };
  const { accessKeyId, secretAccessKey, sessionToken } = world.keyring.lend(session);
  const credentials = {
    Code: 'Success',
    LastUpdated: new Date(world.now()).toISOString(),
    Type: 'AWS-HMAC',
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: new Date(expiresAt).toISOString(),
  };
  const info = { Code: 'Success', LastUpdated: credentials.LastUpdated, InstanceProfileArn: profileArn };
  return { info: JSON.stringify(info), 'security-credentials': { [role]: JSON.stringify(credentials) } };
}

function identityDocument(instance: InstanceRecord): Readonly<Record<string, unknown>> {
  return {
    accountId: instance.owner,
    architecture: instance.architecture,
    availabilityZone: instance.zone,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type,
    pendingTime: new Date(instance.launchedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    privateIp: instance.privateIp,
    region: instance.region,
    version: '2017-09-30',
  };
}

/** Locally administered, so it is nobody's. */
function macOf(id: string): string {
  const digits = createHash('sha256').update(id).digest('hex').slice(0, 10);
  return `02:${digits.match(/../g)?.join(':') ?? ''}`;
}

/** What a path below /latest/ answers: a value, or the names in a directory, those of directories with a slash. */
export function lookUp(root: MetadataNode, path: string): string | undefined {
  let node: MetadataNode | undefined = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    node = typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined;
  }
  if (node === undefined || typeof node === 'string') return node;
  return Object.entries(node)
    .filter(([, child]) => child !== undefined)
    .map(([name, child]) => (typeof child === 'object' ? `${name}/` : name))
    .join('\n');
}
