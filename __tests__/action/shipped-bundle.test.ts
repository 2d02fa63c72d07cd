import { DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGitHubApi } from '../../sandbox/github/api.js';
import { startAction, type ActionResult } from '../../sandbox/github/runner.js';
import { EVENT_TABLE, type Situation } from '../../src/action/event-table.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { LATEST_TAG } from '../../src/images/tags.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { leaveImage } from '../leave-image.js';
import { itemsOf } from '../plan/plan-of.js';
import { RUN } from '../report/example-report.js';
import { openRig, REGION, type Rig } from '../scenarios/rig.js';
import { DELIVERIES, pullRequest, push, type Delivery } from './deliveries.js';
import { createOrigin, NAME, type Commits, type Origin } from './origin.js';

const TOKEN = 'ghs_secret';
/** Every image is there already, so that a run takes half a second; an earlier run has built them. */
const EARLIER_RUN = { ...RUN, repository: NAME, scope: NAME };
const THIS_RUN = Number(RUN.id) + 1;

let origin: Origin;
let rig: Rig;
const images = new Map<string, string>();
beforeAll(async () => {
  origin = createOrigin();
  rig = await openRig();
  for (const revision of [origin.commits.main, origin.commits.topic]) await leaveImagesOf(revision);
});
afterAll(async () => {
  await rig.close();
  origin.remove();
});

async function leaveImagesOf(revision: string): Promise<void> {
  const workspace = createFsWorkspace(origin.checkout(revision));
  const { layers, brokenTemplates } = loadTemplates({ workspace, templates: ['templates'] });
  const { graph } = linkLayers(layers, { brokenTemplates });
  for (const item of itemsOf(graph, REGION).filter(({ imageName }) => !images.has(imageName))) {
    images.set(item.imageName, await leaveImage(item, { run: EARLIER_RUN, buildSeconds: 840 }, rig.ec2));
  }
}

interface Asked {
  readonly checkout?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly aws?: boolean;
  readonly runId?: number;
  readonly runAttempt?: number;
}

interface Shipped extends ActionResult {
  readonly comments: readonly string[];
}

/** The files that a release ships, main and post as action.yml says, with a GitHub of their own. */
async function runShipped(delivery: Delivery, asked: Asked = {}): Promise<Shipped> {
  const { checkout = delivery.sha, inputs = {}, aws = true, runId = THIS_RUN, runAttempt = 1 } = asked;
  const { main, topic, merge } = origin.commits;
  const api = await startGitHubApi({ repository: NAME, token: TOKEN });
  const branches = { base: { ref: 'main', sha: main }, head: { ref: 'topic', sha: topic } };
  api.setPullRequest({ number: 4, title: 'Topic', author: 'ada', ...branches, mergeSha: merge }, []);
  const ended = await startAction({
    action: process.cwd(),
    workspace: origin.checkout(checkout),
    inputs: { 'aws-region': REGION, 'instance-profile': 'builder', ...inputs },
    event: { ...delivery, baseRef: '', headRef: '' },
    repository: NAME,
    token: TOKEN,
    apiUrl: api.url,
    serverUrl: origin.serverUrl,
    runId,
    runNumber: 12,
    runAttempt,
    environment: aws ? { ...rig.sandbox.environment } : {},
  }).finished;
  await api.stop();
  return { ...ended, comments: api.comments(4).map(({ body }) => body) };
}

/** What people see of a run. */
function seenOf({ conclusion, outputs, log, summary, comments, post }: Shipped): object {
  const latest = log.find((line) => line.startsWith('Now latest: '))?.replace('Now latest: ', '');
  return {
    conclusion,
    post: { conclusion: post?.conclusion, log: post?.log },
    result: outputs.result,
    reused: JSON.parse(outputs.reused ?? '[]'),
    ...(latest === undefined ? {} : { latest: latest.split(', ') }),
    summary: /AMI layers: (.*)/.exec(summary)?.[1],
    comments: comments.map((body) => /AMI layers: (.*)/.exec(body)?.[1]),
  };
}

const ENDED = { conclusion: 'success', post: { conclusion: 'success', log: [] }, comments: [] };
const NOTHING = { ...ENDED, result: 'nothing-to-do', reused: [], summary: undefined };
const TOPIC = { ...ENDED, result: 'nothing-to-do', reused: ['base', 'app'], summary: '2 reused' };
const ALL = { ...TOPIC, reused: ['base', 'app', 'other'], summary: '3 reused' };
const MOVES = { ...ALL, result: 'success', latest: ['base', 'app', 'other'] };
const PLANNED = { ...ENDED, result: 'success', reused: [], summary: '2 planned' };

const EXPECTED: Readonly<Record<Situation, object>> = {
  'pull-request': { ...TOPIC, comments: ['2 reused'] },
  fork: PLANNED,
  dependabot: PLANNED,
  'closed-pull-request': NOTHING,
  'pull-request-target': { ...NOTHING, summary: 'no AMI changes' },
  'default-branch': MOVES,
  branch: TOPIC,
  tag: ALL,
  deletion: NOTHING,
  'merge-group': TOPIC,
  'other-merge-group': TOPIC,
  schedule: MOVES,
  dispatch: MOVES,
  'branch-dispatch': ALL,
  'workflow-run': ALL,
  'anything-else': ALL,
};

interface Row extends Asked {
  readonly name: string;
  readonly delivery: Delivery;
  readonly moves: boolean;
}

const ZERO = '0'.repeat(40);

/** Every row of the table, and what GitHub delivers in some of them now and then. */
function rowsOf(commits: Commits): readonly Row[] {
  const { main, lost, topic } = commits;
  const moves = true;
  return [
    ...Object.entries(EVENT_TABLE).map(([name, { aws, latest }]): Row => {
      const delivery = DELIVERIES[name as Situation](commits);
      const checkout = name === 'deletion' ? main : delivery.sha;
      const inputs = name === 'dependabot' ? { 'role-to-assume': 'arn:aws:iam::123456789012:role/r' } : {};
      return { name, delivery, checkout, inputs, aws, moves: latest === 'moves' };
    }),
    { name: 'the first push of a branch', delivery: push('refs/heads/topic', ZERO, topic), moves: false },
    { name: 'the first push of main', delivery: push('refs/heads/main', ZERO, main), moves },
    { name: 'a forced push', delivery: push('refs/heads/main', lost, main, true), moves },
    { name: 'a re-run', delivery: pullRequest(commits), runAttempt: 2, moves: false },
  ];
}

test('the shipped bundle does in every row of the table of events what the table says', async () => {
  const seen: Record<string, object> = {};
  const rows = rowsOf(origin.commits);
  const moving = rows.filter(({ moves }) => moves);
  const staying = rows.filter(({ moves }) => !moves);
  const lanes = [moving, staying.filter((_, at) => at % 2 === 0), staying.filter((_, at) => at % 2 === 1)];
  await Promise.all(
    lanes.map(async (lane) => {
      for (const row of lane) {
        seen[row.name] = seenOf(await runShipped(row.delivery, row));
        if (lane !== moving) continue;
        const nothingLatest = { Resources: [...images.values()], Tags: [{ Key: LATEST_TAG }] };
        await rig.ec2.send(new DeleteTagsCommand(nothingLatest));
      }
    }),
  );
  expect(seen).toEqual({
    ...EXPECTED,
    'the first push of a branch': TOPIC,
    'the first push of main': MOVES,
    'a forced push': MOVES,
    'a re-run': { ...TOPIC, comments: ['2 reused'] },
  });
});

test('a checkout that is not the run’s own commit gets no credentials: its build is refused', async () => {
  const delivery = DELIVERIES['pull-request-target'](origin.commits);
  const { conclusion, outputs, annotations } = await runShipped(delivery, { checkout: 'refs/pull/4/head', aws: false });
  expect({ conclusion, result: outputs.result }).toEqual({ conclusion: 'failure', result: 'failure' });
  expect(annotations).toEqual([
    expect.objectContaining({ message: expect.stringContaining('Fix: use `on: pull_request`') }),
  ]);
});

test('where AWS refuses to say what images there are, the comment, the summary and an error say so', async () => {
  const operation = 'DescribeImages';
  const refusal = { code: 'UnauthorizedOperation', message: 'You are not authorized.', status: 403 };
  await rig.sandbox.control.addFault({ kind: 'error', operation, call: 'every', ...refusal });
  const { conclusion, outputs, summary, comments, annotations } = await runShipped(pullRequest(origin.commits));
  await rig.sandbox.control.clearFaults();
  expect({ conclusion, result: outputs.result }).toEqual({ conclusion: 'failure', result: 'failure' });
  for (const text of [summary, ...comments]) {
    expect(text).toContain('❌ AMI layers: no plan, because AWS could not be asked');
    expect(text).toMatch(/DescribeImages: You are not authorized\.(.*)<br>\*\*Fix:\*\* /);
  }
  expect(comments).toHaveLength(1);
  expect(annotations).toEqual([expect.objectContaining({ message: expect.stringContaining('DescribeImages') })]);
});

test('a fork that asks for everything to be built again gets no matrix to build it with', async () => {
  const delivery = DELIVERIES.fork(origin.commits);
  const { outputs } = await runShipped(delivery, { inputs: { 'no-cache': 'true' }, aws: false });
  expect(outputs).toMatchObject({ 'has-builds': 'false', matrix: '{"include":[]}' });
});

test('what other jobs of the same run have built, the last one calls built; its outputs speak of itself', async () => {
  const last = await runShipped(pullRequest(origin.commits), { runId: Number(EARLIER_RUN.id) });
  const comment = last.comments.join('\n').replaceAll('\u00a0', ' ');
  expect(comment).toContain('### ✅ AMI layers: 2 built\n');
  expect(comment).toMatch(/\| `base` \| 🔨 built \| .* \| built by another job of this run \| 14 m \|/);
  expect(comment).toMatch(/\| `app` \| 🔨 built \| .* \| `templates\/app\.yaml` changed; built by another job/);
  expect(comment).not.toContain('Reuse saved');
  expect(last.summary).toContain('## ✅ AMI layers: 2 built\n');
  expect(last.outputs).toMatchObject({ result: 'nothing-to-do', built: '[]', reused: '["base","app"]' });
});
