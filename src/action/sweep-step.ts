import { openClouds } from '../aws/open-clouds.js';
import { sweep } from '../commands/sweep.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { Environment } from '../github/event.js';
import { print } from '../github/logs.js';
import { publishFailure, publishOutputs, publishSummary } from '../github/publish.js';
import { readProxies } from '../github/read-proxies.js';
import type { Inputs } from '../inputs.js';
import { systemClock } from '../lib/clock.js';
import { sweepResultOf, type SweepReport } from '../report/sweep-report.js';
import { renderSweep } from '../report/sweep-lines.js';
import { renderSweepSummary } from '../report/sweep-summary.js';
import { renderSweepFailure } from '../report/sweep-words.js';
import type { RunIdentity } from '../run-identity.js';
import { warn } from './announce.js';
import { webIdentityOf } from './web-identity.js';

/** The main step with `command: sweep`: needs no checkout, makes no comment. */
export async function sweepStep(
  inputs: Inputs,
  env: Environment,
  { scope }: Pick<RunIdentity, 'scope'>,
): Promise<void> {
  const region = inputs.awsRegion ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const apiCalls = {};
  const clock = systemClock;
  const options = {
    regions: region === undefined ? [] : [region],
    runs: inputs.runId === undefined ? [] : [inputs.runId],
    olderThanMs: inputs.olderThanMs,
    dryRun: inputs.dryRun,
  };
  const cloudIn = await openClouds({
    scope,
    calls: apiCalls,
    clock,
    identity: webIdentityOf(inputs, env),
    proxyFor: readProxies(env),
  });
  try {
    await announce(await sweep(options, { cloudIn, apiCalls, clock }), inputs);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    publishFailure(error.diagnostics.map(({ message, fix }) => `${message}. Fix: ${fix}`).join(' '));
  }
}

async function announce(report: SweepReport, inputs: Inputs): Promise<void> {
  print(renderSweep(report));
  warn(publishOutputs({ result: sweepResultOf(report), 'has-builds': 'false' }));
  if (inputs.summary) warn(await publishSummary(renderSweepSummary(report)));
  const failure = renderSweepFailure(report);
  if (failure !== undefined) publishFailure(failure);
}
