import type { InvalidInput } from '../diagnostics/diagnostic.js';
import { renderDiagnostics } from '../diagnostics/render-diagnostic.js';
import { print } from '../github/logs.js';
import { publishAnnotations, publishFailure, publishOutputs, publishSummary } from '../github/publish.js';
import type { Inputs } from '../inputs.js';
import { annotateDiagnostics, annotateReport } from '../report/annotations.js';
import { renderComment, renderPlanComment } from '../report/comment.js';
import { plural } from '../report/durations.js';
import { renderFailureLine, renderFinalLines } from '../report/final-lines.js';
import { makeOutputs } from '../report/outputs.js';
import { renderPlan } from '../report/plan-table.js';
import { renderProblemsComment, renderProblemsSummary } from '../report/problems.js';
import { EXIT_CODES, resultOf } from '../report/result.js';
import type { RunReport } from '../report/run-report.js';
import { renderSummary } from '../report/summary.js';
import type { RunIdentity } from '../run-identity.js';

export interface Audience {
  readonly inputs: Inputs;
  readonly run: RunIdentity;
  /** A build follows the plan. */
  readonly building: boolean;
  readonly apiUrl: string;
  /** Undefined: nobody asked for a comment, or there is no pull request. */
  readonly pullRequest: number | undefined;
}

/** Tells GitHub's users what a run found, will do and did. Reporting never fails a build: what goes wrong is a warning. */
export interface Announcer {
  readonly plan: (report: RunReport) => Promise<void>;
  /** Everything at the end; fails the step when the run failed. */
  readonly end: (report: RunReport) => Promise<void>;
  readonly problems: (invalid: InvalidInput) => Promise<void>;
}

export function createAnnouncer(audience: Audience): Announcer {
  const { inputs, run, building } = audience;
  const id = { id: inputs.commentId };

  const comment = async (body: string, create: boolean): Promise<string> => {
    const { pullRequest, apiUrl } = audience;
    if (pullRequest === undefined || run.repository === undefined) return '';
    const { writeComment } = await import('../github/pull-request-comment.js');
    const place = { apiUrl, token: inputs.githubToken, repository: run.repository, pullRequest };
    const result = await writeComment({ ...place, body, create: create || inputs.comment === 'always' });
    switch (result.kind) {
      case 'written':
        return result.url;
      case 'skipped':
        print([`Pull request comment: ${result.why}.`]);
        return '';
      case 'refused':
        warn([result.warning]);
        return '';
    }
  };

  return {
    plan: async (report) => {
      print(['', ...renderPlan({ plan: report.plan, now: report.finishedAt }), '']);
      const hasWork = report.plan.items.some((item) => item.action.kind !== 'reuse');
      if (building && hasWork) await comment(renderPlanComment(report, { ...id, building }), true);
    },

    end: async (report) => {
      if (building) print(['', ...renderFinalLines(report)]);
      const hasItems = report.plan.items.length > 0;
      const body = building ? renderComment(report, id) : renderPlanComment(report, { ...id, building: false });
      const url = await comment(body, hasItems);
      const { values, warnings } = makeOutputs(report);
      warn([...warnings, ...publishOutputs({ ...values, 'comment-url': url })]);
      if (inputs.annotations) warn(publishAnnotations(annotateReport(report)));
      if (inputs.summary) warn(await publishSummary(renderSummary(report)));
      if (EXIT_CODES[resultOf(report)] !== 0) publishFailure(renderFailureLine(report) ?? 'The run failed.');
    },

    problems: async ({ diagnostics }) => {
      print(['', ...renderDiagnostics(diagnostics).split('\n')]);
      await comment(renderProblemsComment({ run, diagnostics }, id), true);
      warn(publishOutputs({ result: 'failure', 'has-builds': 'false' }));
      if (inputs.annotations) warn(publishAnnotations(annotateDiagnostics(diagnostics)));
      if (inputs.summary) warn(await publishSummary(renderProblemsSummary({ run, diagnostics })));
      publishFailure(`${plural(diagnostics.length, 'problem')} in the templates; nothing was built.`);
    },
  };
}

/** Shows warnings on the run, not on a line of a file. */
export function warn(warnings: readonly string[]): void {
  publishAnnotations(warnings.map((message) => ({ level: 'warning', title: 'AMI layers', message, place: undefined })));
}
