import { describe, expect, test } from '@jest/globals';
import { decide, type Policy, type Question } from './evaluate.js';
import { questionsOf, type Account, type Asked } from './questions.js';
import { PLACEHOLDER_ACCOUNT, readPolicy, SCOPE } from './role.js';

/** What stands in the account: of this repository's two roles, of another repository, and of nobody that we know. */
const OURS = { 'ami-layers:managed': 'true', 'ami-layers:scope': SCOPE };
const MAIN = { ...OURS, 'ami-layers:trust': 'main' };
const PR = { ...OURS, 'ami-layers:trust': 'pr' };
const THEIRS = { ...MAIN, 'ami-layers:scope': 'other-org/images' };
const NOBODYS = { Name: 'database' };

const OWNERS = { main: MAIN, pr: PR, theirs: THEIRS, nobodys: NOBODYS };
type Owner = keyof typeof OWNERS;

const account: Account = {
  known: new Map(
    Object.entries(OWNERS).flatMap(([owner, tags]) => [
      [`i-${owner}`, { tags }],
      [`ami-${owner}`, { tags, snapshotId: `snap-${owner}` }],
      [`snap-${owner}`, { tags }],
    ]),
  ),
  roleOf: (profile) => `arn:aws:iam::${PLACEHOLDER_ACCOUNT}:role/${profile}`,
};

function ask(operation: string, parameters: object, service = 'ec2'): readonly Question[] {
  const asked: Asked = { service, operation, region: 'us-west-2', account: PLACEHOLDER_ACCOUNT, parameters };
  return questionsOf(asked, account);
}

type Tags = Readonly<Record<string, string>>;
const listed = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const specified = (types: readonly string[], tags: Tags) =>
  types.map((ResourceType) => ({ ResourceType, Tags: listed(tags) }));

interface Launch {
  readonly image?: string;
  readonly tags?: Tags;
  readonly profile?: string;
  readonly tokens?: string;
  readonly types?: readonly string[];
}

const LAUNCHED = ['instance', 'volume', 'network-interface'];
function launch({ image = 'ami-main', tags = PR, profile, tokens = 'required', types = LAUNCHED }: Launch) {
  return ask('RunInstances', {
    ImageId: image,
    InstanceType: 'm7i.large',
    MetadataOptions: { HttpTokens: tokens },
    ...(profile === undefined ? {} : { IamInstanceProfile: { Name: profile } }),
    TagSpecifications: specified(types, tags),
  });
}

const image = (instance: Owner, tags: Tags) =>
  ask('CreateImage', {
    InstanceId: `i-${instance}`,
    Name: 'tool-0123456789ab',
    TagSpecifications: specified(['image', 'snapshot'], tags),
  });
const tag = (id: string, tags: Tags) => ask('CreateTags', { Resources: [id], Tags: listed(tags) });
const untag = (id: string, keys: readonly string[]) =>
  ask('DeleteTags', { Resources: [id], Tags: keys.map((Key) => ({ Key })) });
const instances = (operation: string, owner: Owner) => ask(operation, { InstanceIds: [`i-${owner}`] });
const deregister = (owner: Owner) =>
  ask('DeregisterImage', { ImageId: `ami-${owner}`, DeleteAssociatedSnapshots: true });
const command = (owner: Owner, DocumentName = 'AWS-RunShellScript') =>
  ask('SendCommand', { DocumentName, InstanceIds: [`i-${owner}`] }, 'ssm');
const count = (owner: Owner) => ask('ListChangedBlocks', { SecondSnapshotId: `snap-${owner}` }, 'ebs');
const parameter = (name: string) => ask('GetParameters', { Names: [name] }, 'ssm');

const main = [readPolicy('main')];
const trustedOnly = [...main, readPolicy('main-trusted-only')];
const pullRequest = [readPolicy('pull-request')];
const sweep = [readPolicy('sweep')];

/** A request goes through when each of its questions is answered with `allowed`. */
function isAllowed(policies: readonly Policy[], questions: readonly Question[]): boolean {
  expect(questions.length).toBeGreaterThan(0);
  return questions.every((question) => decide(policies, question) === 'allowed');
}

/** Whether something is refused by a statement that says so, and not only because nothing allows it. */
function isDenied(policies: readonly Policy[], questions: readonly Question[]): boolean {
  return questions.some((question) => decide(policies, question) === 'denied');
}

/** A tag beside one of ours, for a condition that does not tell capitals from small letters to find in its place. */
const CAPITALS: readonly (readonly [string, Tags])[] = [
  ['AMI-LAYERS:trust', { 'AMI-LAYERS:trust': 'pr', ...MAIN }],
  ['ami-layerS:trust', { 'ami-layerS:trust': 'pr', ...MAIN }],
  ['ami-layers:Trust', { 'ami-layers:Trust': 'pr', ...MAIN }],
  ['ami-layers:Scope', { 'ami-layers:Scope': SCOPE, ...PR, 'ami-layers:scope': 'other-org/images' }],
  ['ami-layers:managEd', { 'ami-layers:managEd': 'true', ...PR }],
];

const ALL_OF_EC2: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const VERDICT = { 'ami-layers:state': 'validated', 'ami-layers:validation-hash': 'v' };
const CLAIM = { 'ami-layers:run-id': '7', 'ami-layers:run-token': 't', 'ami-layers:heartbeat': 'released' };

describe('the role of pull requests', () => {
  test.each<[string, readonly Question[]]>([
    ['launches a builder on an image of main', launch({ profile: 'ami-layers-pull-request-builder' })],
    ['launches on Spot', launch({ types: [...LAUNCHED, 'spot-instances-request'] })],
    ['claims the builder of another pull request', tag('i-pr', CLAIM)],
    ['goes on with it', [...instances('StopInstances', 'pr'), ...instances('StartInstances', 'pr')]],
    ['runs its steps', command('pr')],
    ['makes an image of it', image('pr', PR)],
    ['says what it is worth', tag('ami-pr', VERDICT)],
    ['removes it when EC2 could not make it', deregister('pr')],
    ['ends it', instances('TerminateInstances', 'pr')],
    ['counts the blocks of an image of main', count('main')],
  ])('%s', (_name, questions) => {
    expect(isAllowed(pullRequest, questions)).toBe(true);
  });

  /** Refused in so many words: nothing else that the role is given makes it possible. */
  test.each<[string, readonly Question[]]>([
    ['sets a rejected image of main to validated', tag('ami-main', VERDICT)],
    ['removes all tags of an image of main', untag('ami-main', [])],
    ['removes all tags of its own image', untag('ami-pr', [])],
    ['removes the trust of an image of main', untag('ami-main', ['ami-layers:trust'])],
    ['takes latest from an image of main', untag('ami-main', ['ami-layers:latest'])],
    ['makes its own image latest', tag('ami-pr', { 'ami-layers:latest': 'true' })],
    ['makes an image latest in the call that creates it', image('pr', { ...PR, 'ami-layers:latest': 'true' })],
    ['launches a builder in the name of main', launch({ tags: MAIN })],
    ['launches a volume in the name of main', launch({ tags: MAIN, types: ['volume'] })],
    ['makes an image in the name of main', image('pr', MAIN)],
    ['makes the trust of its builder that of main', tag('i-pr', { 'ami-layers:trust': 'main' })],
    ['claims a builder and rewrites its trust', tag('i-pr', { ...CLAIM, 'ami-layers:trust': 'pr' })],
    ['moves its image into another scope', tag('ami-pr', { 'ami-layers:scope': 'other-org/images' })],
    ['gives an image to another layer', tag('ami-pr', { 'ami-layers:layer': 'other' })],
    ['gives an image the hash of another', tag('ami-pr', { 'ami-layers:template-hash': 'h' })],
    ['releases a builder of main to take it over', tag('i-main', { 'ami-layers:heartbeat': 'released' })],
    ['changes any tag of an instance of main', tag('i-main', { Name: 'x' })],
    ['stops a builder of main', instances('StopInstances', 'main')],
    ['starts a builder of main', instances('StartInstances', 'main')],
    ['ends a builder of main', instances('TerminateInstances', 'main')],
    ['sends a command to a builder of main', command('main')],
    ['makes an image of a builder of main', image('main', PR)],
    ['deregisters an image of main', deregister('main')],
  ])('may not do it, whatever else it is given: %s', (_name, questions) => {
    expect(isAllowed(pullRequest, questions)).toBe(false);
    expect(isAllowed([ALL_OF_EC2], questions)).toBe(true);
    expect(isDenied([ALL_OF_EC2, ...pullRequest], questions)).toBe(true);
  });

  test.each<[string, readonly Question[]]>([
    ['launches without a scope', launch({ tags: { 'ami-layers:managed': 'true', 'ami-layers:trust': 'pr' } })],
    ['launches without a trust', launch({ tags: OURS })],
    ['launches in another scope', launch({ tags: { ...PR, 'ami-layers:scope': 'other-org/images' } })],
    ["launches from another scope's image", launch({ image: 'ami-theirs' })],
    ['launches with the profile of main, to read its secrets', launch({ profile: 'ami-layers-main-builder' })],
    ['writes what is no verdict on its image', tag('ami-pr', { 'ami-layers:data-mounts': 'bucket:/x' })],
    ['removes the verdict of its own image', untag('ami-pr', ['ami-layers:state'])],
  ])('is not allowed to: %s', (_name, questions) => {
    expect(isAllowed(pullRequest, questions)).toBe(false);
  });
});

describe('the role of the default branch', () => {
  const own = { tags: MAIN };
  test.each<[string, readonly Question[]]>([
    ['launches', launch({ ...own, profile: 'ami-layers-main-builder' })],
    ['launches from an image of a vendor, whose tags nobody sees', launch({ ...own, image: 'ami-vendor' })],
    ['goes on with the builder of a pull request', tag('i-pr', CLAIM)],
    ['runs its steps', command('pr')],
    ['makes an image of it that says so', image('pr', PR)],
    ['promotes', tag('ami-main', { 'ami-layers:latest': 'true', team: 'a' })],
    ['takes latest from the one before', untag('ami-main', ['ami-layers:latest'])],
  ])('%s', (_name, questions) => {
    expect(isAllowed(main, questions)).toBe(true);
  });

  test.each<[string, readonly Question[]]>([
    ["makes another scope's image latest", tag('ami-theirs', { 'ami-layers:latest': 'true' })],
    ["takes latest from another scope's image", untag('ami-theirs', ['ami-layers:latest'])],
    ['takes other tags away', untag('ami-main', ['ami-layers:state'])],
    ['takes all tags away', untag('ami-main', [])],
    ['rewrites trust when it promotes', tag('ami-pr', { 'ami-layers:latest': 'true', 'ami-layers:trust': 'main' })],
    ['rewrites trust when it claims', tag('i-pr', { ...CLAIM, 'ami-layers:trust': 'main' })],
    ['adopts what is not managed', tag('ami-nobodys', { 'ami-layers:managed': 'true' })],
    ['launches with instance metadata of version 1', launch({ ...own, tokens: 'optional' })],
    ['launches with the profile of pull requests', launch({ ...own, profile: 'ami-layers-pull-request-builder' })],
    ['launches with the role of an administrator', launch({ ...own, profile: 'admin' })],
    ["launches from another scope's image", launch({ ...own, image: 'ami-theirs' })],
    ['launches in another scope', launch({ tags: THEIRS })],
    ['tags in a call that creates something else', tag('vol-other', MAIN)],
  ])('is not allowed to: %s', (_name, questions) => {
    expect(isAllowed(main, questions)).toBe(false);
  });

  test.each<[string, readonly Question[]]>([
    ['builds on its image', launch({ ...own, image: 'ami-pr' })],
    ['claims its builder', tag('i-pr', CLAIM)],
    ['starts its builder', instances('StartInstances', 'pr')],
    ['sends a command to its builder', command('pr')],
    ['makes an image of its builder', image('pr', PR)],
    ['promotes its image', tag('ami-pr', { 'ami-layers:latest': 'true' })],
  ])('with `reuse: trusted` leaves to pull requests what is theirs: %s', (_name, questions) => {
    expect(isAllowed(main, questions)).toBe(true);
    expect(isAllowed(trustedOnly, questions)).toBe(false);
  });

  test('with `reuse: trusted` still ends what pull requests left', () => {
    expect(isAllowed(trustedOnly, instances('TerminateInstances', 'pr'))).toBe(true);
    expect(isAllowed(trustedOnly, deregister('pr'))).toBe(true);
  });
});

/** IAM takes one of the two, and does not say which (IAM User Guide, "Controlling access to AWS resources using tags"). */
describe.each([
  ['pull requests', pullRequest],
  ['the default branch', main],
])('the role of %s does not write our tags in capitals, beside those that count', (_role, policies) => {
  test.each(CAPITALS)('%s', (_key, tags) => {
    for (const questions of [launch({ tags }), image('pr', tags), tag('i-pr', tags), tag('ami-pr', tags)]) {
      expect(isAllowed(policies, questions)).toBe(false);
      expect(isDenied([ALL_OF_EC2, ...policies], questions)).toBe(true);
    }
  });

  test('and users’ tags are not in the way', () => {
    const tags = { ...PR, Name: 'tool', Team: 'HPC', 'cost-centre:A': '7', 'ami-layers:validation-hash': 'v' };
    for (const Key of Object.keys(tags)) expect(isDenied(policies, tag('vol-other', { [Key]: 'x' }))).toBe(Key in PR);
    expect(isAllowed(policies, image('pr', tags))).toBe(true);
  });
});

/** For each action that changes something, or reads what may be somebody's, one request outside the tool's own resources. */
const OUTSIDE: Readonly<Record<string, (owner: Owner) => readonly Question[]>> = {
  'ec2:RunInstances': () => launch({ tags: NOBODYS }),
  'ec2:CreateTags': (owner) => tag(`i-${owner}`, CLAIM),
  'ec2:DeleteTags': (owner) => untag(`ami-${owner}`, ['ami-layers:latest']),
  'ec2:StartInstances': (owner) => instances('StartInstances', owner),
  'ec2:StopInstances': (owner) => instances('StopInstances', owner),
  'ec2:TerminateInstances': (owner) => instances('TerminateInstances', owner),
  'ec2:CreateImage': (owner) => image(owner, PR),
  'ec2:DeregisterImage': deregister,
  'ec2:DeleteSnapshot': (owner) => ask('DeleteSnapshot', { SnapshotId: `snap-${owner}` }),
  'ssm:SendCommand': command,
  'ssm:GetParameters': () => parameter('/production/password'),
  'iam:PassRole': () => launch({ profile: 'admin' }).filter(({ action }) => action === 'iam:PassRole'),
};

/** Reads that name no resource, or of which there is nothing to keep back. */
const READS = new Set([
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeSnapshots',
  'ec2:DescribeSpotPriceHistory',
  'ebs:ListChangedBlocks',
  'pricing:GetProducts',
  'ssm:DescribeInstanceInformation',
  'ssm:GetCommandInvocation',
  'ssm:ListCommandInvocations',
]);

describe.each(['main', 'pull-request', 'sweep', 'plan'])('every action of %s', (name) => {
  const allowed = readPolicy(name).Statement.filter(({ Effect }) => Effect === 'Allow');
  const actions = [...new Set(allowed.flatMap(({ Action = [] }) => Action))].filter((action) => !READS.has(action));

  test('is refused outside the tool’s own resources, and in another scope', () => {
    for (const action of actions) {
      const outside = OUTSIDE[action];
      if (outside === undefined) throw new Error(`no request outside is written down for ${action}`);
      for (const owner of ['nobodys', 'theirs'] as const) {
        expect([action, owner, isAllowed([readPolicy(name)], outside(owner))]).toEqual([action, owner, false]);
      }
    }
  });
});

test('a document that is not the shell’s is not sent, on any role', () => {
  for (const policies of [main, pullRequest, sweep]) {
    expect(isAllowed(policies, command('pr', 'AWS-RunPowerShellScript'))).toBe(false);
  }
});

test('sweeping ends what either role left, and nothing else', () => {
  for (const owner of ['main', 'pr'] as const) {
    expect(isAllowed(sweep, [...instances('TerminateInstances', owner), ...deregister(owner)])).toBe(true);
  }
  expect(isAllowed(sweep, launch({ tags: MAIN }))).toBe(false);
  expect(isAllowed(sweep, tag('ami-main', VERDICT))).toBe(false);
});
