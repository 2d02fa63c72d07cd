import type { EC2Client } from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalEntry } from '../../sandbox/journal.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/start.js';
import { createClients } from '../../src/aws/clients.js';
import { createCloud } from '../../src/aws/create-cloud.js';
import { withinScope } from '../../src/build/visible-cloud.js';
import type { BuildEvent } from '../../src/build/events.js';
import { build } from '../../src/commands/build.js';
import type { BuildOptions, PlanOptions, Selection } from '../../src/commands/options.js';
import { plan } from '../../src/commands/plan.js';
import type { Ports } from '../../src/commands/ports.js';
import { systemClock, type Clock } from '../../src/lib/clock.js';
import { memoize } from '../../src/lib/memoize.js';
import type { RunReport } from '../../src/report/run-report.js';
import type { RunIdentity } from '../../src/run-identity.js';
import { typeIn } from '../cli/terminal.js';
import { refusals, SCOPE } from '../policies/role.js';
import { createRepository, type Files, type Repository } from '../repository.js';
import { checkCreatingCalls, readJournal } from './journal.js';

export const REGION = 'us-west-2';
const POLL_MS = 100;
/** Only for what never comes: a busy machine may take its time. */
const QUIET_TIMEOUT_MS = 120_000;

/** EC2's waits, shorter than the sandbox's own: they are there, but nobody looks at them. */
const DELAYS = { instanceRunningMs: 60, agentOnlineMs: 60, instanceStoppedMs: 20, imageAvailableMs: 120 };

/** A sandbox, and the product's commands run against it through the real AWS SDK. */
export interface Rig {
  readonly sandbox: Sandbox;
  /** To do behind the product's back what other people and AWS do. */
  readonly ec2: EC2Client;
  /** A folder with these files; removed when the rig closes. */
  readonly project: (files: Files) => Project;
  readonly close: () => Promise<void>;
}

/**
 * One repository; every run ends by checking that nothing is left running or half made, that all was born tagged, and that
 * the role of the default branch may do all that was asked of AWS (iam/main.json).
 */
export interface Project {
  readonly repository: Repository;
  readonly build: (asked?: Asked) => Promise<Run>;
  /** The same, for a run that is to leave something. */
  readonly buildAndLeave: (asked?: Asked) => Promise<Run>;
  readonly plan: (asked?: Asked) => Promise<Run>;
  /** Anything else that is done with the repository. */
  readonly run: <Result extends object>(work: (ports: Ports) => Promise<Result>) => Promise<Result & Journalled>;
  /** `ami-layers …` in the repository, without a process of its own. */
  readonly cli: (...args: readonly string[]) => Promise<CliRun>;
}

export interface Asked extends Partial<Omit<BuildOptions, 'selection'>> {
  readonly selection?: Partial<Selection>;
  /** Default: the same for all, as for the jobs of one workflow run. */
  readonly runId?: string;
  /** Whose code the run is of, and whose resources it sees. Default: the default branch's; of no repository. */
  readonly as?: Partial<Pick<RunIdentity, 'trust' | 'scope'>>;
  /** Somebody else asks AWS meanwhile, and whose requests are whose nobody knows: no policy is asked of them. */
  readonly isAlone?: false;
  readonly signal?: AbortSignal;
  /** Default: this machine's. */
  readonly clock?: Clock;
  readonly onEvent?: (event: BuildEvent) => void;
}

export interface Journalled {
  /** The AWS calls from the start of the run until all is quiet. */
  readonly calls: readonly JournalEntry[];
}

export interface Run extends Journalled {
  readonly report: RunReport;
  readonly events: readonly BuildEvent[];
}

export interface CliRun extends Journalled {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a sandbox of its own in a temporary folder; close it when the tests are through. */
export async function openRig(options: Omit<SandboxOptions, 'directory'> = {}): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'ami-scenarios-'));
  const sandbox = await startSandbox({ delays: DELAYS, ...options, directory });
  // A profile would come before the variables of the sandbox.
  delete process.env.AWS_PROFILE;
  Object.assign(process.env, sandbox.environment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  const repositories: Repository[] = [];
  return {
    sandbox,
    ec2: createClients(REGION, {}).ec2,
    project: (files) => {
      // As for the commands of a terminal, which have no origin to know the scope by.
      const repository = createRepository({ 'ami-layers.yaml': `scope: ${SCOPE}\n`, ...files });
      repositories.push(repository);
      return openProject(repository, sandbox);
    },
    close: async () => {
      for (const { remove } of repositories) remove();
      await sandbox.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

function openProject(repository: Repository, sandbox: Sandbox): Project {
  /** Runs something and returns its result with the AWS calls it made. */
  const journalled = async <Result>(
    run: () => Promise<Result>,
    whenDone: (sandbox: Sandbox) => Promise<void> = expectQuiet,
  ): Promise<Result & Journalled> => {
    const before = (await readJournal(sandbox.control)).length;
    const result = await run();
    await whenDone(sandbox);
    const calls = (await readJournal(sandbox.control)).slice(before);
    checkCreatingCalls(calls);
    return { ...result, calls };
  };
  /** The same, for what a role must be allowed. */
  const allowed = async <Result>(
    policies: readonly string[],
    run: () => Promise<Result>,
    whenDone?: (sandbox: Sandbox) => Promise<void>,
  ): Promise<Result & Journalled> => {
    const before = await sandbox.control.tagged();
    const result = await journalled(run, whenDone);
    // The policies are for one repository.
    if (policies.length === 0) return result;
    const known = new Map([...before, ...(await sandbox.control.tagged())].map((one) => [one.id, one]));
    expect(refusals(result.calls, { policies, known })).toEqual([]);
    return result;
  };
  const command = (
    run: (options: BuildOptions, ports: Ports) => Promise<RunReport>,
    asked: Asked,
    whenDone?: (sandbox: Sandbox) => Promise<void>,
  ): Promise<Run> =>
    allowed(
      policiesOf(asked),
      async () => {
        const { runId, as, isAlone: _, signal, clock, onEvent, ...options } = asked;
        const events: BuildEvent[] = [];
        const ports = portsOf(repository, {
          run: { ...runOf(runId ?? 'scenario'), ...as },
          ...(signal === undefined ? {} : { signal }),
          ...(clock === undefined ? {} : { clock }),
          onEvent: (event) => {
            events.push(event);
            onEvent?.(event);
          },
        });
        const report = await run(optionsOf({ ...profileOf(asked), ...options }), ports);
        expect(report.leftovers).toEqual([]);
        return { report, events };
      },
      whenDone,
    );
  return {
    repository,
    build: (asked = {}) => command(build, asked),
    buildAndLeave: (asked = {}) => command(build, asked, () => Promise.resolve()),
    run: (work) => allowed(policiesOf({}), () => work(portsOf(repository))),
    plan: (asked = {}) => command((options: PlanOptions, ports) => plan(options, ports), asked),
    cli: (...args) =>
      journalled(async () => {
        const { status, out, err } = await typeIn(repository.root, ...args);
        return { status, stdout: asPrinted(out), stderr: asPrinted(err) };
      }),
  };
}

/** The files of iam/ whose role such a run has. */
/** Pull requests have an instance profile of their own. */
function profileOf({ as }: Asked): Pick<Asked, 'placement'> {
  const { placement } = optionsOf();
  return as?.trust === 'pr' ? { placement: { ...placement, instanceProfile: 'ami-layers-pull-request-builder' } } : {};
}

function policiesOf({ as, isAlone, reuse }: Asked): readonly string[] {
  if (as?.scope !== undefined || isAlone === false) return [];
  if (as?.trust === 'pr') return ['pull-request'];
  return reuse === 'trusted' ? ['main', 'main-trusted-only'] : ['main'];
}

function asPrinted(lines: string): string {
  return lines === '' ? '' : `${lines}\n`;
}

/** What a command is asked when a test says nothing else. */
export function optionsOf({
  selection,
  ...options
}: Omit<Asked, 'runId' | 'as' | 'isAlone' | 'signal' | 'clock' | 'onEvent'> = {}): BuildOptions {
  return {
    templates: ['templates'],
    selection: { templateFiles: [], layers: [], changedFiles: undefined, affectedOnly: false, ...selection },
    rebuild: 'no',
    baseAmi: undefined,
    defaultRegion: REGION,
    offline: false,
    reuse: 'any',
    placement: {
      instanceProfile: 'builder',
      subnetIds: [],
      securityGroupIds: [],
      instanceType: undefined,
      spot: 'auto',
    },
    chain: false,
    maxParallel: 8,
    failFast: false,
    pollIntervalMs: POLL_MS,
    promote: false,
    takeoverAfterMs: 180_000,
    onCancel: 'terminate',
    maxWaitMs: undefined,
    displayName: undefined,
    ...options,
  };
}

function portsOf({ workspace }: Repository, parts: Partial<Ports> = {}): Ports {
  const apiCalls = {};
  const apiRepeats = {};
  const run = parts.run ?? runOf('scenario');
  return {
    workspace,
    cloudIn: memoize((region: string) =>
      withinScope(createCloud(region, apiCalls, { repeats: apiRepeats }), run.scope),
    ),
    apiCalls,
    apiRepeats,
    clock: systemClock,
    run,
    signal: new AbortController().signal,
    onPlan: () => Promise.resolve(),
    onEvent: () => undefined,
    ...parts,
  };
}

function runOf(id: string): RunIdentity {
  return {
    id,
    number: 1,
    attempt: 1,
    token: randomUUID(),
    url: undefined,
    repository: SCOPE,
    scope: SCOPE,
    commit: undefined,
    ref: undefined,
    pullRequest: undefined,
    trust: 'main',
  };
}

/** Instances take a moment to end, and images to be finished. */
async function expectQuiet({ control }: Sandbox): Promise<void> {
  const deadline = Date.now() + QUIET_TIMEOUT_MS;
  let leftovers = await control.leftovers();
  while (leftovers.instances.length + leftovers.images.length > 0 && Date.now() < deadline) {
    await delay(POLL_MS);
    leftovers = await control.leftovers();
  }
  expect(leftovers).toEqual({ instances: [], images: [], volumes: [] });
}
