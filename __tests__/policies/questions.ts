import type { JournalEntry } from '../../sandbox/journal.js';
import type { Question } from './evaluate.js';
import type { TaggedResource } from '../../sandbox/control.js';

/** A request to AWS, as the sandbox's journal has it. */
export type Asked = Pick<JournalEntry, 'service' | 'operation' | 'region' | 'account' | 'parameters'>;

export interface Account {
  /** Instances, images and snapshots by id. */
  readonly known: ReadonlyMap<string, Pick<TaggedResource, 'tags' | 'snapshotId'>>;
  /** The ARN of the role in an instance profile, by the profile's name. */
  readonly roleOf: (profile: string) => string;
}

interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

interface TagSpecification {
  readonly ResourceType: string;
  readonly Tags: readonly Tag[];
}

interface Parameters {
  readonly ImageId?: string;
  readonly InstanceId?: string;
  readonly InstanceIds?: readonly string[];
  readonly InstanceType?: string;
  readonly InstanceMarketOptions?: object;
  readonly IamInstanceProfile?: { readonly Name?: string; readonly Arn?: string };
  readonly MetadataOptions?: { readonly HttpTokens?: string };
  readonly TagSpecifications?: readonly TagSpecification[];
  readonly Resources?: readonly string[];
  readonly Tags?: readonly Tag[];
  readonly DeleteAssociatedSnapshots?: boolean;
  readonly SnapshotId?: string;
  readonly DocumentName?: string;
  readonly Names?: readonly string[];
  readonly FirstSnapshotId?: string;
  readonly SecondSnapshotId?: string;
}

type Context = Question['context'];

/**
 * The questions that IAM asks of a role for one request: an action on each resource of it, and the actions that come with
 * it (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2", "… AWS Systems Manager",
 * "… Amazon Elastic Block Store"; EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation").
 */
export function questionsOf(asked: Asked, account: Account): readonly Question[] {
  const { service, operation, parameters } = asked;
  const action = `${service}:${operation}`;
  const given = (parameters ?? {}) as Parameters;
  const at = arnsOf(asked);
  const tagsOf = (id: string): Context => named('aws:ResourceTag', account.known.get(id)?.tags ?? {});
  const on = (id: string, context: Context = {}): Question => ({
    action,
    resource: at.id(id),
    context: { ...tagsOf(id), ...context },
  });

  switch (action) {
    case 'ec2:RunInstances':
      return [
        ...launch(given, { at, on }),
        ...createdTags(given, { at, action: operation }),
        ...passed(given, account),
      ];
    case 'ec2:CreateImage': {
      const made = (type: string): Question => ({ action, resource: at.made(type), context: requested(given, type) });
      return [
        on(given.InstanceId ?? ''),
        made('image'),
        made('snapshot'),
        ...createdTags(given, { at, action: operation }),
      ];
    }
    case 'ec2:CreateTags':
    case 'ec2:DeleteTags':
      return (given.Resources ?? []).map((id) => on(id, tagContext(given.Tags)));
    case 'ec2:StartInstances':
    case 'ec2:StopInstances':
    case 'ec2:TerminateInstances':
      return (given.InstanceIds ?? []).map((id) => on(id));
    case 'ec2:DeregisterImage': {
      const snapshotId = account.known.get(given.ImageId ?? '')?.snapshotId;
      const snapshot = given.DeleteAssociatedSnapshots === true && snapshotId !== undefined ? [on(snapshotId)] : [];
      return [on(given.ImageId ?? ''), ...snapshot.map((one) => ({ ...one, action: 'ec2:DeleteSnapshot' }))];
    }
    case 'ec2:DeleteSnapshot':
      return [on(given.SnapshotId ?? '')];
    case 'ssm:SendCommand':
      return [
        { action, resource: at.document(given.DocumentName ?? ''), context: {} },
        ...(given.InstanceIds ?? []).map((id) => on(id, named('ssm:resourceTag', account.known.get(id)?.tags ?? {}))),
      ];
    case 'ssm:GetParameters':
      return (given.Names ?? []).map((name) => ({ action, resource: at.parameter(name), context: {} }));
    case 'ebs:ListChangedBlocks':
      return [given.FirstSnapshotId, given.SecondSnapshotId].flatMap((id) => (id === undefined ? [] : [on(id)]));
    case 'ec2:DescribeImages':
    case 'ec2:DescribeInstances':
    case 'ec2:DescribeSnapshots':
    case 'ec2:DescribeSpotPriceHistory':
    case 'ssm:DescribeInstanceInformation':
    case 'ssm:GetCommandInvocation':
    case 'ssm:ListCommandInvocations':
    case 'pricing:GetProducts':
      return [{ action, resource: '*', context: {} }];
    default:
      throw new Error(`nobody has written down what IAM asks for ${action}`);
  }
}

interface Places {
  readonly at: ReturnType<typeof arnsOf>;
  readonly on: (id: string, context?: Context) => Question;
}

/** Subnet, security group and network interface are asked about whether the request names them or not. */
function launch(given: Parameters, { at, on }: Places): readonly Question[] {
  const created = (type: string, context: Context = {}): Question => ({
    action: 'ec2:RunInstances',
    resource: at.made(type),
    context: { ...requested(given, type), ...context },
  });
  const { HttpTokens } = given.MetadataOptions ?? {};
  return [
    created('instance', {
      ...(given.InstanceType === undefined ? {} : { 'ec2:InstanceType': given.InstanceType }),
      ...(HttpTokens === undefined ? {} : { 'ec2:MetadataHttpTokens': HttpTokens }),
    }),
    created('volume'),
    created('network-interface'),
    ...(given.InstanceMarketOptions === undefined ? [] : [created('spot-instances-request')]),
    on(given.ImageId ?? ''),
    created('subnet'),
    created('security-group'),
  ];
}

/** Tags in the call that creates something need the permission to tag, too. */
function createdTags(
  given: Parameters,
  { at, action }: { readonly at: ReturnType<typeof arnsOf>; readonly action: string },
): readonly Question[] {
  return (given.TagSpecifications ?? []).map(({ ResourceType, Tags }) => ({
    action: 'ec2:CreateTags',
    resource: at.made(ResourceType),
    context: { ...tagContext(Tags), 'ec2:CreateAction': action },
  }));
}

function passed({ IamInstanceProfile }: Parameters, { roleOf }: Account): readonly Question[] {
  const profile = IamInstanceProfile?.Name ?? IamInstanceProfile?.Arn?.split('/').at(-1);
  if (profile === undefined) return [];
  const context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: roleOf(profile), context }];
}

function requested({ TagSpecifications = [] }: Parameters, type: string): Context {
  return tagContext(TagSpecifications.find(({ ResourceType }) => ResourceType === type)?.Tags);
}

/** Without tags the request has none of these keys. */
function tagContext(tags: readonly Tag[] = []): Context {
  if (tags.length === 0) return {};
  const values = Object.fromEntries(tags.flatMap(({ Key, Value }) => (Value === undefined ? [] : [[Key, Value]])));
  return { 'aws:TagKeys': tags.map(({ Key }) => Key), ...named('aws:RequestTag', values) };
}

function named(key: string, tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}

/** Images and snapshots have no account in their ARN. */
const WITHOUT_ACCOUNT = new Set(['image', 'snapshot']);
const TYPES: Readonly<Record<string, string>> = {
  ami: 'image',
  snap: 'snapshot',
  i: 'instance',
  vol: 'volume',
  eni: 'network-interface',
  sir: 'spot-instances-request',
};

function arnsOf({ region, account }: Pick<Asked, 'region' | 'account'>) {
  const arn = (type: string, id: string): string =>
    `arn:aws:ec2:${region}:${WITHOUT_ACCOUNT.has(type) ? '' : account}:${type}/${id}`;
  return {
    /** Of something that the request creates. */
    made: (type: string) => arn(type, '*'),
    id: (id: string) => {
      const type = TYPES[id.slice(0, id.indexOf('-'))];
      if (type === undefined) throw new Error(`${id} is of a type that nobody has written down`);
      return arn(type, id);
    },
    document: (name: string) => `arn:aws:ssm:${region}:${name.startsWith('AWS-') ? '' : account}:document/${name}`,
    parameter: (name: string) =>
      `arn:aws:ssm:${region}:${name.startsWith('/aws/') ? '' : account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
  };
}
