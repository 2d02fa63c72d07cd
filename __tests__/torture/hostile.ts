import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2ServiceException,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { JournalEntry } from '../../sandbox/journal.js';
import { toTagList } from '../../src/aws/tag-list.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { instanceTags, LATEST_TAG, RUN_TOKEN_TAG, TRUST_TAG } from '../../src/images/tags.js';
import type { PlanItem } from '../../src/plan/build-plan.js';
import { nextImageName } from '../../src/plan/image-name.js';
import type { RunIdentity } from '../../src/run-identity.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { leaveImage } from '../leave-image.js';
import { itemsOf } from '../plan/plan-of.js';
import { accountClient } from '../sandbox/support/account-client.js';
import { pseudoRandom } from '../sandbox/support/pseudo-random.js';
import type { Arena } from './arena.js';
import { openGate, type Ruling } from './gate.js';
import { REGION } from './product.js';
import type { Asked, Suite, TortureCase } from './suite.js';

const SCOPE = 'octo-org/images';
const USUAL_COUNT = 200;

/**
 * A pull request's role at any request of a trusted run: it may make what it likes, in the run's scope and with its
 * hashes, names and tokens, as long as it says neither `trust=main` nor `latest`, which its policy denies.
 */
export const hostile: Suite = {
  title: 'a hostile role beside a run that reuses only trusted work',
  cases: ({ undisturbed }, { seed, count = USUAL_COUNT }: Asked) => {
    const requests = [...undisturbed.requests.values()].reduce((sum, times) => sum + times, 0);
    return Array.from({ length: count }, (_, at) => makeCase(seed * 10_000 + at, requests));
  },
};

function makeCase(seed: number, requests: number): TortureCase {
  return {
    name: `hostile ${seed}`,
    run: async (arena) => {
      const random = pseudoRandom(seed);
      const moments = new Set(Array.from({ length: 1 + random(4) }, () => 1 + random(requests)));
      const attacker = openAttacker(arena, random);
      const troubles: string[] = [];
      const gate = await openGate(arena.sandbox.endpoint, {
        before: async ({ number }): Promise<Ruling> => {
          if (moments.has(number)) await attacker.act().catch((error: unknown) => troubles.push(String(error)));
          return 'pass';
        },
      });
      const product = await arena.start({
        endpoint: gate.endpoint,
        program: '__tests__/torture/trusted-run.js',
        command: [SCOPE],
      });
      const { status, output } = await product.ended;
      await gate.close();
      const problems = [
        ...troubles,
        ...(status === 0 ? [] : [`main ended with ${String(status)}: ${output.slice(-800)}`]),
        ...(await judge(arena, attacker)),
      ];
      return { problems, notes: attacker.acts() };
    },
  };
}

interface Attacker {
  readonly act: () => Promise<void>;
  readonly acts: () => readonly string[];
  /** Images and instances that it has made. */
  readonly made: ReadonlySet<string>;
  readonly ec2: EC2Client;
}

function openAttacker(arena: Arena, random: (below: number) => number): Attacker {
  const ec2 = accountClient(arena.sandbox, '123456789012', REGION);
  const made = new Set<string>();
  const acts: string[] = [];
  const items = layersOf(arena);
  const some = <T>(all: readonly T[]): T => {
    const one = all[random(all.length)];
    if (one === undefined) throw new Error('there is none');
    return one;
  };
  const instances = (): readonly string[] => [...made].filter((id) => id.startsWith('i-'));

  const moves: Readonly<Record<string, () => Promise<void>>> = {
    'a builder that is left to anybody': async () => void made.add(await launch(some(items), 'released')),
    'a builder that is at work': async () => void made.add(await launch(some(items), 'now')),
    'a validated image': async () => {
      const item = some(items);
      const names = await free([item.imageName, nextImageName(item.imageName)]);
      if (names.length > 0) made.add(await plant({ ...item, imageName: some(names) }));
    },
    'a name that is taken': async () => {
      const item = some(items);
      const [name] = await free([item.imageName, nextImageName(item.imageName)]);
      if (name !== undefined) made.add(await plant({ ...item, templateHash: 'f'.repeat(64), imageName: name }));
    },
    'its own resources with the token of main': async () => {
      const token = await tokenOfMain();
      if (made.size > 0 && token !== undefined) await tag([...made], [{ Key: RUN_TOKEN_TAG, Value: token }]);
    },
    'its instances ended': async () => {
      if (instances().length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: [...instances()] }));
    },
  };

  const launch = async (
    { node, templateHash, architecture }: PlanItem,
    heartbeat: 'now' | 'released',
  ): Promise<string> => {
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon', 'self'] }));
    const bootable = Images.filter((one) => one.State === 'available' && one.VirtualizationType === 'hvm');
    const ImageId = some(bootable.filter((one) => one.Architecture === architecture)).ImageId ?? '';
    const tags = {
      ...instanceTags({
        run: ATTACKER,
        trust: 'pr',
        layer: node.layer.name,
        templateHash,
        architecture,
        role: 'builder',
        baseAmi: ImageId,
        now: Date.now() + 365 * 86_400_000,
        expiresAt: Date.now() + 366 * 86_400_000,
        userTags: {},
      }),
      ...(heartbeat === 'released' ? { 'ami-layers:heartbeat': 'released' } : {}),
    };
    const request = { ImageId, InstanceType: 'm7i.large', MinCount: 1, MaxCount: 1 } as const;
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ ...request, TagSpecifications: [{ ResourceType: 'instance', Tags: toTagList(tags) }] }),
    );
    return Instances[0]?.InstanceId ?? '';
  };
  const plant = (item: PlanItem): Promise<string> => leaveImage(item, { run: ATTACKER }, ec2);
  const tag = async (Resources: string[] | readonly string[], Tags: Tag[]): Promise<void> => {
    await ec2.send(new CreateTagsCommand({ Resources: [...Resources], Tags }));
  };
  const free = async (names: readonly string[]): Promise<readonly string[]> => {
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    return names.filter((name) => !Images.some(({ Name }) => Name === name));
  };
  const tokenOfMain = async (): Promise<string | undefined> => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const tags = Reservations.flatMap(({ Instances = [] }) => Instances).map(({ Tags = [] }) => Tags);
    const ofMain = tags.find((all) => all.some(({ Key, Value }) => Key === TRUST_TAG && Value === 'main'));
    return ofMain?.find(({ Key }) => Key === RUN_TOKEN_TAG)?.Value;
  };

  return {
    made,
    ec2,
    acts: () => acts,
    act: async () => {
      const name = some(Object.keys(moves));
      acts.push(name);
      await moves[name]?.().catch((error: unknown) => {
        // Other requests come in between: a name is taken, an instance has ended.
        if (!(error instanceof EC2ServiceException)) throw error;
        acts.push(`refused: ${error.name}`);
      });
    },
  };
}

const ATTACKER: RunIdentity = {
  id: 'hostile',
  number: 1,
  attempt: 1,
  token: 'hostile',
  url: undefined,
  repository: SCOPE,
  scope: SCOPE,
  commit: undefined,
  ref: undefined,
  pullRequest: 4,
  trust: 'pr',
};

function layersOf({ repository: { workspace } }: Arena): readonly PlanItem[] {
  const { layers, brokenTemplates } = loadTemplates({ workspace, templates: ['templates'] });
  return itemsOf(linkLayers(layers, { brokenTemplates }).graph, REGION);
}

/** Every layer has a latest image, and nothing that main made or asked of an instance had to do with the attacker's. */
async function judge(arena: Arena, { made, ec2 }: Attacker): Promise<readonly string[]> {
  const { Images = [] } = await ec2.send(
    new DescribeImagesCommand({ Owners: ['self'], Filters: [{ Name: `tag:${LATEST_TAG}`, Values: ['true'] }] }),
  );
  const latest = Images.map(({ ImageId = '' }) => ImageId);
  const layers = layersOf(arena).length;
  return [
    ...latest.filter((id) => made.has(id)).map((id) => `${id} is the attacker's, and latest`),
    ...(latest.length === layers ? [] : [`${latest.length} images are latest, of ${layers} layers`]),
    ...(await arena.calls()).flatMap((call) => soiled(call, made)),
  ];
}

/** Calls by which something of the attacker's would get into what main makes. */
function soiled({ operation, parameters }: JournalEntry, attackers: ReadonlySet<string>): readonly string[] {
  const text = JSON.stringify(parameters);
  const isLaunchOfMain = operation === 'RunInstances' && text.includes(`{"Key":"${TRUST_TAG}","Value":"main"}`);
  if (!isLaunchOfMain && !['CreateImage', 'SendCommand', 'StartInstances'].includes(operation)) return [];
  return [...attackers].filter((id) => text.includes(id)).map((id) => `${operation} of main is about ${id}`);
}
