// npm run bench:sandbox: 200 clients at once against a sandbox with 10,000 images. Requests per second, the latency of
// DescribeImages from the first page to the last, the daemon's memory; as ratios to the cheapest call there is.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MACHINE_ARCHITECTURE } from '../sandbox/account.js';
import { startSandbox } from '../sandbox/start.js';
import { openQueryClient, valuesOf, type QueryClient } from './query-client.js';

const CLIENTS = 200;
const IMAGES = 10_000;
const REQUESTS = 10_000;
const PAGE = 100;
const HASHES_IN_A_LOOKUP = 50;
const BASE = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${MACHINE_ARCHITECTURE}`;

const directory = mkdtempSync(join(tmpdir(), 'ami-layers-bench-'));
const sandbox = await startSandbox({ directory });
const client = openQueryClient({ sandbox, sockets: CLIENTS });
const { pid } = await sandbox.control.status();

try {
  const cheapest = await rate('GetCallerIdentity', () => client.sts({ Action: 'GetCallerIdentity' }), 1);
  const emptyMegabytes = residentMegabytes();
  const snapshot = await makeSnapshot(client);
  await rate('RegisterImage', (index) => client.ec2(registration(snapshot, index)), cheapest, IMAGES);
  const fullMegabytes = residentMegabytes();

  await rate(`DescribeImages, ${PAGE} of ${IMAGES} by tag`, () => client.ec2(page()), cheapest, 2_000);
  await rate(
    `DescribeImages, ${HASHES_IN_A_LOOKUP} of ${IMAGES} by value of a tag`,
    (index) => client.ec2(lookup(index)),
    cheapest,
    2_000,
  );
  await rate('DescribeInstances', () => client.ec2({ Action: 'DescribeInstances' }), cheapest);
  await reportPages();

  const after = residentMegabytes();
  print('memory', `${emptyMegabytes.toFixed(0)} MB empty, ${fullMegabytes.toFixed(0)} MB with ${IMAGES} images`);
  print('', `${after.toFixed(0)} MB after all requests = ${(after / fullMegabytes).toFixed(2)} × before them`);
} finally {
  client.close();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
}

/** Makes the calls from all clients at once and prints how many were answered in a second, beside the cheapest call's. */
async function rate(
  name: string,
  call: (index: number) => Promise<unknown>,
  cheapest: number,
  count = REQUESTS,
): Promise<number> {
  const queue = Array.from({ length: count }, (_, index) => index).values();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (const index of queue) await call(index);
    }),
  );
  const perSecond = (count / (performance.now() - start)) * 1000;
  const ratio = cheapest === 1 ? '' : ` = ${(perSecond / cheapest).toFixed(2)} × GetCallerIdentity`;
  print(name, `${perSecond.toFixed(0)} requests per second with ${CLIENTS} clients${ratio}`);
  return perSecond;
}

/** One reader goes through all pages, several times; the first pages must not be cheaper than the last. */
async function reportPages(): Promise<void> {
  const rounds = 5;
  const pages: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    let token: string | undefined;
    let index = 0;
    do {
      const start = performance.now();
      const answer = await client.ec2(page(token));
      (pages[index] ??= []).push(performance.now() - start);
      token = valuesOf(answer, 'nextToken')[0];
      index += 1;
    } while (token !== undefined);
  }
  const perPage = pages.map(median);
  const tenth = Math.ceil(perPage.length / 10);
  const [first, last] = [median(perPage.slice(0, tenth)), median(perPage.slice(-tenth))];
  print(
    `${perPage.length} pages of ${PAGE}, one reader`,
    `first tenth ${first.toFixed(2)} ms, last tenth ${last.toFixed(2)} ms = ${(last / first).toFixed(2)} × the first`,
  );
}

function page(token?: string): Readonly<Record<string, string>> {
  const next = token === undefined ? {} : { NextToken: token };
  return {
    Action: 'DescribeImages',
    'Owner.1': 'self',
    'Filter.1.Name': 'tag:team',
    'Filter.1.Value.1': 'hpc',
    MaxResults: String(PAGE),
    ...next,
  };
}

function lookup(start: number): Readonly<Record<string, string>> {
  const values = Array.from({ length: HASHES_IN_A_LOOKUP }, (_, index): [string, string] => [
    `Filter.1.Value.${index + 1}`,
    `hash-${(start * HASHES_IN_A_LOOKUP + index) % IMAGES}`,
  ]);
  return {
    Action: 'DescribeImages',
    'Owner.1': 'self',
    'Filter.1.Name': 'tag:hash',
    ...Object.fromEntries(values),
  };
}

function registration(snapshot: string, index: number): Readonly<Record<string, string>> {
  return {
    Action: 'RegisterImage',
    Name: `image-${index}`,
    Architecture: MACHINE_ARCHITECTURE,
    VirtualizationType: 'hvm',
    RootDeviceName: '/dev/xvda',
    'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
    'BlockDeviceMapping.1.Ebs.SnapshotId': snapshot,
    'TagSpecification.1.ResourceType': 'image',
    'TagSpecification.1.Tag.1.Key': 'team',
    'TagSpecification.1.Tag.1.Value': 'hpc',
    'TagSpecification.1.Tag.2.Key': 'hash',
    'TagSpecification.1.Tag.2.Value': `hash-${index}`,
  };
}

/** The snapshot of an image that was made as users make one. */
async function makeSnapshot({ ec2, ssm }: QueryClient): Promise<string> {
  const parameter = JSON.parse(await ssm('GetParameter', { Name: BASE })) as {
    readonly Parameter: { readonly Value: string };
  };
  const launched = await ec2({
    Action: 'RunInstances',
    ImageId: parameter.Parameter.Value,
    InstanceType: MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large',
    MinCount: '1',
    MaxCount: '1',
  });
  const [instance = ''] = valuesOf(launched, 'instanceId');
  const states = { Action: 'DescribeInstances', 'Filter.1.Name': 'instance-id', 'Filter.1.Value.1': instance };
  while (!(await ec2(states)).includes('<name>running</name>')) await delay(20);
  const made = await ec2({ Action: 'CreateImage', InstanceId: instance, Name: 'first', NoReboot: 'true' });
  const [image = ''] = valuesOf(made, 'imageId');
  const images = { Action: 'DescribeImages', 'Filter.1.Name': 'image-id', 'Filter.1.Value.1': image };
  let described = await ec2(images);
  while (!described.includes('<imageState>available</imageState>')) {
    await delay(20);
    described = await ec2(images);
  }
  await ec2({ Action: 'TerminateInstances', 'InstanceId.1': instance });
  return valuesOf(described, 'snapshotId')[0] ?? '';
}

function residentMegabytes(): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(what: string, said: string): void {
  console.log(`${what.padEnd(52)} ${said}`);
}
