import type { OnBuildEvent } from '../build/events.js';
import type { CloudFailure } from '../build/cloud.js';
import type { InvalidInput } from '../diagnostics/diagnostic.js';
import { renderDiagnostics } from '../diagnostics/render-diagnostic.js';
import { print } from '../github/logs.js';
import { publishAnnotations, publishFailure, publishOutputs, publishSummary } from '../github/publish.js';
import type { Inputs } from '../inputs.js';
import type { Clock } from '../lib/clock.js';
import { annotateDiagnostics, annotateReport } from '../report/annotations.js';
import { renderComment, renderPlanComment, renderProgressComment } from '../report/comment.js';
import { plural } from '../report/durations.js';
import { renderFailureLine, renderFinalLines } from '../report/final-lines.js';
import { makeOutputs } from '../report/outputs.js';
import { renderPlan } from '../report/plan-table.js';
import {
  renderProblemsComment,
  renderProblemsSummary,
  stoppedByAws,
  stoppedByTemplates,
  type StoppedRun,
} from '../report/problems.js';
import { quotable } from '../report/quotable.js';
import { EXIT_CODES, resultOf } from '../report/result.js';
import { isPlanned } from '../report/rows.js';
import type { RunReport } from '../report/run-report.js';
import { renderSummary } from '../report/summary.js';
import type { RunIdentity } from '../run-identity.js';
import { createComment } from './create-comment.js';
import { createProgress, type Progress } from './progress.js';

export interface Audience {
  readonly inputs: Inputs;
  readonly run: RunIdentity;
  /** A build follows the plan. */
  readonly building: boolean;
  readonly apiUrl: string;
  /** Undefined: nobody asked for a comment, or there is no pull request. */
  readonly pullRequest: number | undefined;
  readonly clock: Clock;
}

/** Tells GitHub's users what a run found, will do and did. Reporting never fails a build: what goes wrong is a warning. */
export interface Announcer {
  readonly plan: (report: RunReport) => Promise<void>;
  /** What happens after the plan. */
  readonly onEvent: OnBuildEvent;
  /** Everything at the end; fails the step when the run failed. `told`: the report with what other jobs have done. */
  readonly end: (report: RunReport, told: RunReport) => Promise<void>;
  readonly problems: (invalid: InvalidInput, changedFiles: ReadonlySet<string>) => Promise<void>;
  /** AWS could not be asked for what a plan needs. */
  readonly refused: (failure: CloudFailure) => Promise<void>;
}

export function createAnnouncer(audience: Audience): Announcer {
  const { inputs, run, building, clock } = audience;
  const id = { id: inputs.commentId };
  const comment = createComment(audience);
  let progress: Progress | undefined;

  const stop = async (stopped: StoppedRun, commented = stopped): Promise<void> => {
    warn((await comment(renderProblemsComment(commented, id), true)).warnings);
    warn(publishOutputs({ result: 'failure', 'has-builds': 'false' }));
    if (inputs.summary) warn(await publishSummary(renderProblemsSummary(stopped)));
  };

  return {
    plan: async (report) => {
      print(['', ...renderPlan({ ...report, now: report.finishedAt }), '']);
      const hasWork = report.plan.items.some((item) => item.action.kind !== 'reuse');
      if (!building || !hasWork) return;
      const { url } = await comment(renderPlanComment(report, { ...id, building }), true);
      if (url === '') return;
      const show = async (soFar: RunReport): Promise<boolean> =>
        (await comment(renderProgressComment(soFar, id), false)).url !== '';
      progress = createProgress({ planned: report, clock, show });
    },

    onEvent: (event) => progress?.onEvent(event),

    end: async (report, told) => {
      await progress?.settle();
      const isPlan = !building && isPlanned(told);
      if (!isPlan) print(['', ...renderFinalLines(building ? report : told)]);
      const hasItems = report.plan.items.length > 0;
      const body = isPlan ? renderPlanComment(report, { ...id, building }) : renderComment(told, id);
      const { url, warnings: refused } = await comment(body, hasItems);
      const { values, warnings } = makeOutputs(report);
      const own = [...refused, ...warnings, ...publishOutputs({ ...values, 'comment-url': url })];
      // All at once: only together are they within what the runner keeps.
      if (inputs.annotations) publishAnnotations(annotateReport({ ...report, warnings: [...own, ...report.warnings] }));
      else warn(own);
      if (inputs.summary) warn(await publishSummary(renderSummary(told)));
      if (EXIT_CODES[resultOf(report)] !== 0) publishFailure(renderFailureLine(report) ?? 'The run failed.');
    },

    problems: async ({ diagnostics }, changedFiles) => {
      print(['', ...renderDiagnostics(diagnostics).split('\n')]);
      await stop(stoppedByTemplates(run, diagnostics), stoppedByTemplates(run, quotable(diagnostics, changedFiles)));
      if (inputs.annotations) warn(publishAnnotations(annotateDiagnostics(diagnostics)));
      publishFailure(`${plural(diagnostics.length, 'problem')} in the templates; nothing was built.`);
    },

    refused: async ({ message, fix }) => {
      await stop(stoppedByAws(run, { message, fix }));
      publishFailure(`${message}. Fix: ${fix}`);
    },
  };
}

/** Shows warnings on the run, not on a line of a file. */
export function warn(warnings: readonly string[]): void {
  publishAnnotations(warnings.map((message) => ({ level: 'warning', title: 'AMI layers', message, place: undefined })));
}
