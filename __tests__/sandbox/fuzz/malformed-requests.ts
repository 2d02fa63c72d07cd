import { operationNames } from '../../../sandbox/wire/services.js';

/** An HTTP request as bytes, valid or not. */
export interface RawRequest {
  readonly path: string;
  /** The service whose client signs it, when all else is decided; undefined: nobody does. */
  readonly signedFor: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A whole number from 0 to `below` − 1. */
export type Random = (below: number) => number;

type Pairs = readonly (readonly [string, string])[];

const NO_IMAGE = 'ami-0123456789abcdef0';
const NO_INSTANCE = 'i-0123456789abcdef0';

/** Requests that the sandbox understands. None can start anything: what they name does not exist. */
const EC2_SEEDS: readonly Pairs[] = [
  [
    ['Action', 'RunInstances'],
    ['ImageId', NO_IMAGE],
    ['InstanceType', 'm7i.large'],
    ['MinCount', '1'],
    ['MaxCount', '1'],
    ['BlockDeviceMapping.1.DeviceName', '/dev/xvda'],
    ['BlockDeviceMapping.1.Ebs.VolumeSize', '30'],
    ['TagSpecification.1.ResourceType', 'instance'],
    ['TagSpecification.1.Tag.1.Key', 'team'],
    ['TagSpecification.1.Tag.1.Value', 'hpc'],
  ],
  [
    ['Action', 'DescribeImages'],
    ['Owner.1', 'self'],
    ['Filter.1.Name', 'tag:team'],
    ['Filter.1.Value.1', 'h*'],
    ['MaxResults', '50'],
  ],
  [
    ['Action', 'CreateImage'],
    ['InstanceId', NO_INSTANCE],
    ['Name', 'one'],
    ['NoReboot', 'false'],
  ],
  [
    ['Action', 'TerminateInstances'],
    ['InstanceId.1', NO_INSTANCE],
  ],
  [
    ['Action', 'ModifyImageAttribute'],
    ['ImageId', NO_IMAGE],
    ['LaunchPermission.Add.1.UserId', '111122223333'],
  ],
];

const SSM_SEEDS: readonly (readonly [string, unknown])[] = [
  [
    'SendCommand',
    {
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [NO_INSTANCE],
      Parameters: { commands: ['true'] },
      TimeoutSeconds: 60,
    },
  ],
  ['GetParameter', { Name: '/none', WithDecryption: true }],
  ['DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: [NO_INSTANCE] }], MaxResults: 5 }],
  ['GetCommandInvocation', { CommandId: '0'.repeat(36), InstanceId: NO_INSTANCE }],
];

const STRANGE_KEYS = [
  '',
  '.',
  '..',
  '1',
  '0',
  '-1',
  '1e3',
  '999999999999999999999',
  '__proto__',
  'constructor',
  'toString',
  'Filter',
  'Filter.1',
  'Filter.1.Value.1.1.1.1',
  'Owner.1',
  'InstanceId.999999',
  '%00',
  '\u0000',
  '🙂',
];

const STRANGE_VALUES = [
  '',
  ' ',
  '-1',
  '0',
  '0x10',
  '1e400',
  '-1e400',
  '99999999999999999999999999',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '\u0000',
  '\uFFFF',
  '🙂'.repeat(50),
  '<a>&amp;]]></a>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
  '../../../../etc/passwd',
  'a'.repeat(70_000),
];

const STRANGE_JSON: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  0.5,
  '',
  'x',
  [],
  [[]],
  {},
  { a: {} },
  [null],
  ['x', 1],
];

const STRANGE_TARGETS = [
  'AmazonSSM.',
  'AmazonSSM.NoSuchOperation',
  'AmazonSSM.constructor',
  'AmazonEC2.DescribeImages',
  'x'.repeat(2000),
];

/** Null: none at all. */
const STRANGE_AUTHORIZATIONS = [
  null,
  '',
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 Credential=',
  'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-west-2/ec2',
  'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-west-2/s3/aws4_request',
  'AWS4-HMAC-SHA256 Credential=AKIA/2026/us-west-2/ec2/aws4_request, Signature=00',
  'Basic dXNlcjpwYXNz',
  `AWS4-HMAC-SHA256 Credential=${'/'.repeat(4000)}`,
];

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const JSON_TYPE = 'application/x-amz-json-1.1';
const CONTENT_TYPES = [FORM, JSON_TYPE, 'text/xml', 'multipart/form-data; boundary=x', 'application/cbor', 'x'];

/** One request, as wrong as chance will have it: most are refused, some happen to be right. */
export function makeRequest(random: Random): RawRequest {
  const request = random(2) === 0 ? queryRequest(random) : jsonRequest(random);
  return DISTORTIONS[random(DISTORTIONS.length)]?.(request, random) ?? request;
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

function queryRequest(random: Random): RawRequest {
  const pairs = [...pick(random, EC2_SEEDS)];
  const edits = 1 + random(3);
  for (let edit = 0; edit < edits; edit += 1) {
    const at = random(pairs.length);
    const [key, value] = pairs[at] ?? ['', ''];
    const changes: readonly (() => void)[] = [
      () => (pairs[at] = [key, pick(random, STRANGE_VALUES)]),
      () => (pairs[at] = [pick(random, STRANGE_KEYS), value]),
      () => pairs.push([key, value]),
      () => pairs.push([`${key}.1`, value]),
      () =>
        pairs.push([
          Array<string>(1 + random(400))
            .fill('1')
            .join('.'),
          value,
        ]),
      () => pairs.push([`${key}.${pick(random, STRANGE_KEYS)}`, pick(random, STRANGE_VALUES)]),
      () => pairs.splice(at, 1, [key.replace(/\d+/, String(random(2 ** 31))), value]),
      () => (pairs[0] = ['Action', pick(random, [...operationNames('ec2'), 'NoSuchAction', 'constructor', ''])]),
      () => pairs.splice(at, 1),
    ];
    pick(random, changes)();
    if (pairs.length === 0) pairs.push(['Version', '2016-11-15']);
  }
  const body = new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, value])).toString();
  return { path: '/', signedFor: 'ec2', headers: { 'content-type': FORM }, body: Buffer.from(body) };
}

function jsonRequest(random: Random): RawRequest {
  const [operation, parameters] = pick(random, SSM_SEEDS);
  const name = random(4) === 0 ? pick(random, operationNames('ssm')) : operation;
  const body = JSON.stringify(distortJson(parameters, random));
  const headers = {
    'content-type': JSON_TYPE,
    'x-amz-target': random(10) === 0 ? pick(random, STRANGE_TARGETS) : `AmazonSSM.${name}`,
  };
  return { path: '/', signedFor: 'ssm', headers, body: Buffer.from(body) };
}

/** Replaces one value on the way down, or adds a member that does not exist. */
function distortJson(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random(4) === 0) return pick(random, STRANGE_JSON);
  if (Array.isArray(value)) return value.map((item: unknown) => distortJson(item, random));
  const entries = Object.entries(value);
  if (random(5) === 0) return Object.fromEntries([...entries, [pick(random, STRANGE_KEYS), {}]]);
  const at = random(entries.length);
  return Object.fromEntries(
    entries.map(([key, item]: [string, unknown], index) => [key, index === at ? distortJson(item, random) : item]),
  );
}

/** What goes wrong on the way, whatever the request was. */
const DISTORTIONS: readonly ((request: RawRequest, random: Random) => RawRequest)[] = [
  (request) => request,
  (request) => request,
  (request) => request,
  (request, random) => ({ ...request, body: request.body.subarray(0, random(request.body.length + 1)) }),
  (request, random) => ({ ...request, body: withNoise(request.body, random) }),
  (request, random) => ({ ...request, body: Buffer.from(Array.from({ length: random(300) }, () => random(256))) }),
  (request, random) => withHeader(request, 'content-type', pick(random, CONTENT_TYPES)),
  (request, random) => ({
    ...withHeader(request, 'authorization', pick(random, STRANGE_AUTHORIZATIONS)),
    signedFor: undefined,
  }),
  (request, random) => ({ ...request, signedFor: pick(random, ['ec2', 'ssm', 'sts', 'ebs']) }),
  (request, random) => ({
    ...request,
    path: pick(random, ['/?Action=DescribeImages', '/snapshots/x/blocks', '//', '/%']),
  }),
  (request, random) => ({ ...request, body: Buffer.from(pick(random, DEEP).repeat(1 + random(20_000))) }),
];

const DEEP = ['[', '{"a":', '"', '<a>', 'a.', '%', '&', '='];

function withHeader(request: RawRequest, name: string, value: string | null): RawRequest {
  const { [name]: _replaced, ...others } = request.headers;
  return { ...request, headers: value === null ? others : { ...others, [name]: value } };
}

function withNoise(body: Buffer, random: Random): Buffer {
  const noisy = Buffer.from(body);
  for (let turn = random(8); turn > 0 && noisy.length > 0; turn -= 1) noisy[random(noisy.length)] = random(256);
  return noisy;
}
