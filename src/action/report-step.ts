import { readFileSync, statSync } from 'node:fs';
import type { Environment } from '../github/event.js';
import { print } from '../github/logs.js';
import { publishOutputs } from '../github/publish.js';
import { createCommentWriter } from '../github/pull-request-comment.js';
import { readRemote } from '../github/remote.js';
import { findPullRequest, readWorkflowRun } from '../github/workflow-run.js';
import type { Inputs } from '../inputs.js';
import { renderPlanFileComment } from '../report/plan-file-comment.js';
import { parsePlanFile, PLAN_FILE_LIMIT } from '../report/parse-plan-file.js';
import type { PlanFile } from '../report/plan-file.js';
import { warn } from './announce.js';

const NOT_FOR_A_PULL_REQUEST =
  'there is no plan to report: this run was not started by a run for a pull request that ended. ' +
  'Fix: use `command: report` with `on: workflow_run`, as docs/github.md shows';

/**
 * The main step with `command: report`: comments on a pull request whose own run may not. The plan file is a
 * stranger's; which pull request it is about, GitHub says. Reporting never fails.
 */
export async function reportStep(inputs: Inputs, env: Environment, payload: unknown): Promise<void> {
  const outcome = await report(inputs, env, payload);
  if ('url' in outcome) print([`Commented: ${outcome.url}`]);
  else if ('why' in outcome) print([`Nothing to report: ${outcome.why}.`]);
  else warn([outcome.warning]);
  warn(
    publishOutputs({
      result: 'nothing-to-do',
      'has-builds': 'false',
      'comment-url': 'url' in outcome ? outcome.url : '',
    }),
  );
}

type Reported = { readonly url: string } | { readonly why: string } | { readonly warning: string };

async function report(inputs: Inputs, env: Environment, payload: unknown): Promise<Reported> {
  const ended = readWorkflowRun(env, payload);
  const remote = readRemote(env, inputs.githubToken);
  if (ended === undefined || remote === undefined) return { warning: NOT_FOR_A_PULL_REQUEST };
  const file = readPlanFile(inputs.planFile);
  if ('why' in file || 'warning' in file) return file;
  try {
    const pullRequest = await findPullRequest(ended, remote);
    if (pullRequest === undefined) return { why: 'the pull request was closed, or has a newer commit' };
    const body = renderPlanFileComment(file, ended.identity, { id: inputs.commentId });
    const hasNews = file.layers.length > 0 || file.problems.length > 0;
    const create = hasNews || inputs.comment === 'always';
    const result = await createCommentWriter({ ...remote, pullRequest })({ body, create });
    if (result.kind === 'written') return { url: result.url };
    return result.kind === 'skipped' ? { why: result.why } : { warning: result.warning };
  } catch (error) {
    return { warning: `the pull request was not found: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readPlanFile(path: string): PlanFile | Exclude<Reported, { readonly url: string }> {
  const stats = statSync(path, { throwIfNoEntry: false });
  // The run had nothing to plan, or ended before it did.
  if (stats === undefined) return { why: `there is no file ${path}` };
  const file =
    stats.isFile() && stats.size <= 4 * PLAN_FILE_LIMIT ? parsePlanFile(readFileSync(path, 'utf8')) : undefined;
  return file ?? { warning: `${path} is not a plan that this action has written, so nothing of it is shown` };
}
