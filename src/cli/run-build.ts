import { build } from '../commands/build.js';
import { plan } from '../commands/plan.js';
import type { BuildOptions, PlanOptions } from '../commands/options.js';
import type { Ports } from '../commands/ports.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { readChangedFiles } from '../github/changed-files.js';
import { makeGit, uncommittedNames } from '../github/git.js';
import { makeConsoleLines } from '../report/console-lines.js';
import { renderFinalLines, renderTroubles } from '../report/final-lines.js';
import { toJson } from '../report/json.js';
import { makeLogLines } from '../report/log-lines.js';
import { renderPlan } from '../report/plan-table.js';
import { EXIT_CODES, resultOf } from '../report/result.js';
import type { RunReport } from '../report/run-report.js';
import { createLayerLogs } from '../workspace/layer-logs.js';
import { makeOwnFolder } from '../workspace/own-files.js';
import type { BuildFlags, PlanFlags } from './flags.js';
import { openSession, type Session } from './session.js';
import type { Terminal } from './terminal.js';

/** `ami-layers build`; returns the exit status. */
export async function runBuild(flags: BuildFlags, terminal: Terminal): Promise<number> {
  const session = await openSession(flags, terminal);
  const options = await buildOptions(flags, session, terminal);
  const ports = portsOf(session, flags, terminal);
  const report = await build(options, flags.logDir === undefined ? ports : withLogs(ports, flags.logDir, terminal));
  if (flags.json === true) terminal.out(toJson(report));
  else for (const line of ['', ...renderFinalLines(report)]) terminal.out(line);
  return EXIT_CODES[resultOf(report)];
}

/** `ami-layers plan`; returns the exit status. */
export async function runPlan(flags: PlanFlags, terminal: Terminal): Promise<number> {
  const session = await openSession(flags, terminal);
  const report = await plan(await planOptions(flags, session, terminal), portsOf(session, flags, terminal));
  if (flags.json === true) terminal.out(toJson(report));
  else for (const line of renderTroubles(report)) terminal.out(line);
  return 0;
}

function portsOf(session: Session, flags: PlanFlags, terminal: Terminal): Ports {
  const print = flags.json === true ? terminal.err : terminal.out;
  let lines: ReturnType<typeof makeConsoleLines> = () => [];
  return {
    ...session.ports,
    onPlan: (report: RunReport) => {
      lines = makeConsoleLines(report.plan);
      for (const line of [...renderPlan({ ...report, now: report.finishedAt }), '']) print(line);
      return Promise.resolve();
    },
    onEvent: (event) => {
      for (const line of lines(event)) print(line);
    },
  };
}

/** Writes what happens to each layer into a file of its own too. */
function withLogs(ports: Ports, logDir: string, { directory, err }: Terminal): Ports {
  const logs = createLayerLogs(makeOwnFolder(directory, logDir), err);
  let lines: ReturnType<typeof makeLogLines> = () => [];
  return {
    ...ports,
    onPlan: (report) => {
      lines = makeLogLines(report.plan);
      return ports.onPlan(report);
    },
    onEvent: (event) => {
      ports.onEvent(event);
      logs.add(event.key, lines(event, ports.clock.now()));
    },
  };
}

async function planOptions(flags: PlanFlags, session: Session, terminal: Terminal): Promise<PlanOptions> {
  const files = flags.template.map(session.fromRoot);
  const searched = flags.templates.length > 0 ? flags.templates : files.length > 0 ? [] : ['templates'];
  return {
    templates: [...files, ...searched.map(session.fromRoot)],
    selection: {
      templateFiles: files,
      layers: flags.layer,
      changedFiles: flags.base === undefined ? undefined : await changedSince(flags.base, terminal),
      affectedOnly: flags.base !== undefined,
    },
    rebuild: flags.rebuildBase === true ? 'ancestors' : flags.rebuild === true ? 'selected' : 'no',
    reuse: 'any',
    baseAmi: flags.baseAmi,
    defaultRegion: session.region,
    maxDepth: flags.maxDepth,
    offline: flags.offline === true,
  };
}

async function buildOptions(flags: BuildFlags, session: Session, terminal: Terminal): Promise<BuildOptions> {
  return {
    ...(await planOptions(flags, session, terminal)),
    placement: {
      instanceProfile: flags.instanceProfile ?? (flags.sandbox === true ? 'sandbox' : undefined),
      subnetIds: flags.subnetId,
      securityGroupIds: flags.securityGroupId,
      instanceType: flags.instanceType,
      spot: flags.spot === undefined ? 'auto' : flags.spot ? 'always' : 'never',
    },
    chain: flags.chain === true,
    maxParallel: flags.maxParallel,
    failFast: flags.failFast === true,
    onCancel: flags.onCancel,
    maxWaitMs: flags.maxWait,
    takeoverAfterMs: flags.takeoverAfter,
    pollIntervalMs:
      (flags.sandbox === true ? Math.min(flags.pollInterval, SANDBOX_POLL_SECONDS) : flags.pollInterval) * 1000,
    promote: flags.promote === true,
    displayName: flags.name,
  };
}

/** Nobody is throttled by a server on the same machine, and its waits are short. */
const SANDBOX_POLL_SECONDS = 0.2;

/** Who is at work here has not always committed it. */
async function changedSince(base: string, { directory, env }: Terminal): Promise<readonly string[]> {
  const event = { kind: 'other', name: 'terminal', onDefaultBranch: false } as const;
  const changed = await readChangedFiles({ event, directory, base, env, remote: undefined });
  if (changed.known) return [...new Set([...changed.files, ...(await uncommittedNames(makeGit(directory, env)))])];
  throw new InvalidInput([
    { code: 'bad-input', message: `--base: ${changed.why}`, fix: 'name a commit that git knows here.' },
  ]);
}
