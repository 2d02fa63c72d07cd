import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { noCloud, openClouds } from '../aws/open-clouds.js';
import { CloudFailure } from '../build/cloud.js';
import type { OnBuildEvent } from '../build/events.js';
import { plan } from '../commands/plan.js';
import type { Ports } from '../commands/ports.js';
import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import { renderDiagnostics } from '../diagnostics/render-diagnostic.js';
import { readChangedFiles, type ChangedFiles } from '../github/changed-files.js';
import type { Program } from '../github/cache-service.js';
import { print } from '../github/logs.js';
import { publishFailure, publishOutputs } from '../github/publish.js';
import { readProxies } from '../github/read-proxies.js';
import { readInput } from '../github/read-input.js';
import { readRemote } from '../github/remote.js';
import { saveRunState, type Ended } from '../github/state.js';
import { parseInputs } from '../inputs.js';
import { systemClock } from '../lib/clock.js';
import { makeConsoleLines } from '../report/console-lines.js';
import { plural } from '../report/durations.js';
import { ofWholeRun } from '../report/of-whole-run.js';
import { planFileOf, problemsFileOf } from '../report/plan-file.js';
import { quotable } from '../report/quotable.js';
import type { RunReport } from '../report/run-report.js';
import { readRepositorySettings, SETTINGS_FILE, type RepositorySettings } from '../template/repository-settings.js';
import { createFsWorkspace } from '../workspace/fs-workspace.js';
import type { Workspace } from '../workspace/workspace.js';
import { createAnnouncer, warn } from './announce.js';
import { filesOf } from './files-of-commit.js';
import { createLayerGroups } from './layer-groups.js';
import { leavePlan } from './leave-plan.js';
import { makeOptions } from './make-options.js';
import { createMemory } from './memory.js';
import { receiveEvent } from './receive-event.js';
import { warnOfStaticSession, webIdentityOf } from './web-identity.js';

const NOT_BUILT = { result: 'failure', 'has-builds': 'false' };

const WITHOUT_AWS = ', so this is a plan without AWS: which images there are is not known.';

/** The main step of the action: event → layers → plan → images → report. */
export async function mainStep(program: Program): Promise<void> {
  const { env, signal } = program;
  const token = randomUUID();
  // First of all: it is how the post step knows what it is.
  saveRunState({ runToken: token, scope: '', regions: [], ended: 'clean' });
  const parsed = parseInputs(readInput);
  if ('diagnostics' in parsed) {
    refuse(parsed.diagnostics, `${plural(parsed.diagnostics.length, 'input')} with a value that is not allowed`);
    return;
  }
  const { inputs } = parsed;
  const payload = readPayload(env.GITHUB_EVENT_PATH);
  const directory = env.GITHUB_WORKSPACE ?? '.';
  const files = createFsWorkspace(directory);
  const read = trySettings(files);
  if ('diagnostics' in read) {
    refuse(read.diagnostics, `${SETTINGS_FILE} has ${plural(read.diagnostics.length, 'problem')}`);
    return;
  }
  const { event, run, policy } = await receiveEvent({
    env,
    payload,
    inputs,
    token,
    directory,
    settings: read.settings,
  });
  if (policy.kind === 'nothing') {
    print([`Nothing to do: ${policy.why}.`]);
    warn(publishOutputs({ result: 'nothing-to-do', 'has-builds': 'false' }));
    return;
  }
  if (policy.kind === 'report') {
    const { reportStep } = await import('./report-step.js');
    await reportStep(inputs, env, payload);
    return;
  }
  if (policy.kind === 'refused') {
    warn(publishOutputs(NOT_BUILT));
    publishFailure(`${policy.why}. Fix: ${policy.fix}`);
    return;
  }
  if (policy.kind === 'sweep') {
    const { sweepStep } = await import('./sweep-step.js');
    await sweepStep(inputs, env, run);
    return;
  }
  const remote = readRemote(env, inputs.githubToken);
  const changed = await readChangedFiles({ event, directory, base: inputs.base, env, remote });
  const online = policy.offline === undefined;
  print([describeChanges(changed), ...(online ? [] : [`${policy.offline}${WITHOUT_AWS}`])]);

  if (online) warn(warnOfStaticSession(inputs, env));
  const building = inputs.command === 'build' && online;
  const announcer = createAnnouncer({
    inputs,
    run,
    building,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    pullRequest: policy.pullRequest,
    clock: systemClock,
  });
  const options = makeOptions({ inputs, policy, run, changed, region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION });
  let lines: ReturnType<typeof makeConsoleLines> = () => [];
  let group: OnBuildEvent = () => undefined;
  const memory = createMemory(program, systemClock);
  const apiCalls = {};
  const apiRepeats = {};
  const { workspace, refuseForeign } = filesOf(files, {
    directory,
    env,
    committedOnly: policy.committedOnly && online,
  });
  const ports: Ports = {
    workspace,
    cloudIn: online
      ? afterCheck(
          refuseForeign,
          await openClouds({
            scope: run.scope,
            calls: apiCalls,
            repeats: apiRepeats,
            clock: systemClock,
            identity: webIdentityOf(inputs, env),
            proxyFor: readProxies(env),
          }),
        )
      : noCloud,
    apiCalls,
    apiRepeats,
    clock: systemClock,
    memory,
    run,
    signal,
    onPlan: async (report) => {
      lines = makeConsoleLines(report.plan);
      group = createLayerGroups(report.plan, env, systemClock);
      // True until the end says otherwise.
      if (building)
        saveRunState({ runToken: run.token, scope: run.scope, regions: regionsOf(report), ended: 'killed' });
      await announcer.plan(report);
    },
    onEvent: (buildEvent) => {
      print(lines(buildEvent));
      group(buildEvent);
      announcer.onEvent(buildEvent);
    },
  };
  try {
    const command = building ? (await import('../commands/build.js')).build : plan;
    const report = await command(options, ports);
    saveRunState({ runToken: run.token, scope: run.scope, regions: regionsOf(report), ended: endOf(report) });
    if (!online) warn(leavePlan(planFileOf(report), { directory, path: inputs.planFile }));
    const failed = building || !online ? undefined : await memory.failedIn(report);
    // Side by side: whoever waits for the comment does not wait for the cache.
    await Promise.all([
      announcer.end(report, ofWholeRun(report, failed)),
      signal.aborted ? undefined : memory.save(report),
    ]);
  } catch (error) {
    if (error instanceof InvalidInput) {
      const files = new Set(changed.known ? changed.files : []);
      const left = problemsFileOf(quotable(error.diagnostics, files));
      if (!online) warn(leavePlan(left, { directory, path: inputs.planFile }));
      await announcer.problems(error, files);
    } else if (error instanceof CloudFailure) await announcer.refused(error);
    else throw error;
  }
}

/** Before there is anything to report on. */
function refuse(diagnostics: readonly Diagnostic[], why: string): void {
  print(renderDiagnostics(diagnostics).split('\n'));
  warn(publishOutputs(NOT_BUILT));
  publishFailure(`${why}; nothing was built.`);
}

function trySettings(
  files: Workspace,
): { readonly settings: RepositorySettings } | { readonly diagnostics: readonly Diagnostic[] } {
  try {
    return { settings: readRepositorySettings(files) };
  } catch (error) {
    if (error instanceof InvalidInput) return { diagnostics: error.diagnostics };
    throw error;
  }
}

/** Nobody gets to AWS but through the check. */
function afterCheck(check: () => void, cloudIn: Ports['cloudIn']): Ports['cloudIn'] {
  return (region) => {
    check();
    return cloudIn(region);
  };
}

/** A launch that failed may be one whose answer was lost: then post looks for the instance by its tags. */
function endOf({ leftovers, results }: RunReport): Ended {
  const launchFailed = [...results.values()].some(
    ({ outcome }) =>
      outcome.kind === 'failed' &&
      outcome.failure.step === undefined &&
      (outcome.failure.phase === 'launch' || outcome.failure.phase === 'validate'),
  );
  return leftovers.length === 0 && !launchFailed ? 'clean' : 'with-leftovers';
}

function regionsOf({ plan: { items } }: RunReport): readonly string[] {
  return [...new Set(items.map((item) => item.region))];
}

function readPayload(path: string | undefined): unknown {
  return path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'));
}

function describeChanges(changed: ChangedFiles): string {
  return changed.known
    ? `${plural(changed.files.length, 'changed file')} since ${changed.base.slice(0, 12)}.`
    : `Changed files are not known (${changed.why}): every layer is looked at.`;
}
