import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGitHubApi, type GitHubApi } from '../../sandbox/github/api.js';
import { makeCompiledAction, TOKEN, type CompiledAction } from './compiled-action.js';
import { pullRequest, workflowRun, type Delivery } from './deliveries.js';
import { createOrigin, NAME, type Origin } from './origin.js';

const FORK = 'mallory/octo-repo';
const PLAN = 'ami-layers-plan.json';

let origin: Origin;
let action: CompiledAction;
let api: GitHubApi;
beforeAll(() => {
  origin = createOrigin();
  action = makeCompiledAction();
});
afterAll(() => {
  origin.remove();
  action.remove();
});
beforeEach(async () => {
  api = await startGitHubApi({ repository: NAME, token: TOKEN });
  const { main, topic, merge } = origin.commits;
  const branches = { base: { ref: 'main', sha: main }, head: { ref: 'topic', sha: topic } };
  api.setPullRequest({ number: 4, title: 'Topic', author: 'mallory', ...branches, mergeSha: merge, fork: FORK }, []);
});
afterEach(() => api.stop());

/** The run for the fork's pull request; its checkout, with the plan in it. */
async function plan(break_?: (workspace: string) => void) {
  const workspace = origin.checkout('refs/pull/4/merge');
  break_?.(workspace);
  const delivery = pullRequest(origin.commits, { from: { full_name: FORK } });
  return { workspace, ...(await action.run({ delivery, workspace, serverUrl: origin.serverUrl })) };
}

/** The second workflow, which has no checkout, only what it downloaded. */
async function report(workspace: string, delivery: Delivery = workflowRun(origin.commits, FORK)) {
  const asked = { delivery, workspace, serverUrl: origin.serverUrl, apiUrl: api.url, inputs: { command: 'report' } };
  const { conclusion, log, annotations } = await action.run(asked);
  return { conclusion, last: log.at(-1), warnings: annotations.map(({ message }) => message) };
}

const bodies = (): readonly string[] => api.comments(4).map(({ body }) => body);

test('the plan of a fork’s run, which has no token, is commented by a run that has', async () => {
  const { workspace, conclusion, outputs } = await plan();
  expect({ conclusion, result: outputs.result }).toEqual({ conclusion: 'success', result: 'success' });
  expect(await report(workspace)).toMatchObject({ conclusion: 'success', warnings: [] });
  const sha = origin.commits.topic.slice(0, 7);
  expect(bodies()).toEqual(
    [
      `<!-- ami-layers {"v":1,"id":"default","run":12,"attempt":2,"sha":"${sha}","state":"planned"} -->
### 📋 AMI layers: 2 planned
\`${sha}\` · [run #12, attempt 2](${origin.serverUrl}/${NAME}/actions/runs/7001)

| Layer | Why |
|---|---|
| \`base\` | not known whether hash \`HASH\` has an image; needed by \`app\` |
| \`app\` | \`templates/app.yaml\` changed; not known whether hash \`HASH\` has an image |

<sub>Planned without AWS, because the run has no credentials: which images there are is not known. Names and reasons are as the pull request has them.</sub>`,
    ].map((body) => expect.stringMatching(asPattern(body))),
  );
});

/** Any hash for HASH; everything else as it is. */
function asPattern(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('HASH', '[0-9a-f]{6}')}$`);
}

test('problems in a fork’s templates fail its run and are commented', async () => {
  const { workspace, conclusion } = await plan((folder) => {
    writeFileSync(join(folder, 'templates/app.yaml'), 'extends: "<img src=x> @everyone | `base`"\n');
  });
  expect(conclusion).toBe('failure');
  expect(await report(workspace)).toMatchObject({ conclusion: 'success', warnings: [] });
  const [body = ''] = bodies();
  expect(body).toContain('### ❌ AMI layers: 1 problem in the templates');
  expect(body).toContain('- `templates/app.yaml:1`: ');
  expect(body).not.toMatch(/<img|@everyone/);
});

test('of a plan file that this action would not have written, nothing is shown', async () => {
  const workspace = origin.checkout('main');
  writeFileSync(join(workspace, PLAN), '{"format":1,"layers":[],"problems":[],"comment":"hello"}');
  expect(await report(workspace)).toMatchObject({
    conclusion: 'success',
    warnings: [`${PLAN} is not a plan that this action has written, so nothing of it is shown`],
  });
  expect(api.requests).toEqual([]);
});

test('where the fork’s run left no plan, there is nothing to say', async () => {
  expect(await report(origin.checkout('main'))).toMatchObject({
    conclusion: 'success',
    last: `Nothing to report: there is no file ${PLAN}.`,
    warnings: [],
  });
});

test('a pull request that has moved on gets no comment about an old commit, whatever the plan says', async () => {
  const { workspace } = await plan();
  expect(await report(workspace, workflowRun(origin.commits, FORK, origin.commits.left))).toMatchObject({
    conclusion: 'success',
    last: 'Nothing to report: the pull request was closed, or has a newer commit.',
  });
  expect(await report(workspace, workflowRun(origin.commits, 'eve/octo-repo'))).toMatchObject({
    last: 'Nothing to report: the pull request was closed, or has a newer commit.',
  });
  expect(bodies()).toEqual([]);
});

test('a run that was not started by another one is told what the command is for', async () => {
  const { warnings, conclusion } = await report(origin.checkout('main'), pullRequest(origin.commits));
  expect(conclusion).toBe('success');
  expect(warnings).toEqual([expect.stringContaining('Fix: use `command: report` with `on: workflow_run`')]);
});

test('what the checkout has under the name of the plan is not followed', async () => {
  const { workspace } = await plan((folder) => writeFileSync(join(folder, PLAN), 'in the way'));
  expect(JSON.parse(readFileSync(join(workspace, PLAN), 'utf8'))).toMatchObject({ format: 1 });
});
