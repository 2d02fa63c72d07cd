import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Control } from '../sandbox/control.js';
import type { JournalEntry } from '../sandbox/journal.js';
import { REALISTIC_DELAYS } from '../sandbox/delays.js';
import { startSandbox } from '../sandbox/start.js';
import { timeEnvironment } from '../sandbox/time-environment.js';
import { RUNNING_SECONDS, WAITS, type BenchGraph } from './build-graphs.js';
import type { LayerTimes } from './build-phases.js';

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url));
const POLL_SECONDS = 3;

export interface BenchRun {
  /** Sandbox seconds from the first request to AWS to the last. */
  readonly seconds: number;
  readonly requests: number;
  readonly layers: readonly LayerTimes[];
}

export interface BenchOptions {
  /** Sandbox seconds for each real one. */
  readonly rate: number;
  /** Of `ami-layers build`. */
  readonly flags: readonly string[];
  /** Measures a build of changed templates, after one that has shown how long each layer takes. */
  readonly again: boolean;
}

/** Builds a graph with the command line as users run it, in a sandbox whose time goes at that rate. */
export async function runBench(graph: BenchGraph, { rate, flags, again }: BenchOptions): Promise<BenchRun> {
  const directory = mkdtempSync(join(tmpdir(), 'ami-bench-'));
  const project = join(directory, 'project');
  writeTemplates(project, graph, 'first');
  const sandbox = await startSandbox({ directory: join(directory, 'sandbox'), delays: delaysOf(), clock: { rate } });
  try {
    const { control, environment } = sandbox;
    for (const { name, imageSeconds } of graph.layers) {
      await control.addFault({ kind: 'slow-image', call: 'every', nameStart: `${name}-`, ms: imageSeconds * 1000 });
    }
    const build = async (more: readonly string[] = []) =>
      runCli(project, [...flags, ...more], { ...environment, ...(await timeEnvironment(control)) });
    let before: JournalEntry | undefined;
    if (again) {
      // Durations are known of what is latest.
      await build(['--promote']);
      before = (await callsAfter(undefined, control)).at(-1);
      writeTemplates(project, graph, 'second');
    }
    const report = await build();
    const calls = await callsAfter(before, control);
    const [first, end] = [calls[0]?.time, calls.at(-1)?.time];
    if (first === undefined || end === undefined) throw new Error('nothing was asked of AWS');
    return { seconds: (end - first) / 1000, requests: calls.length, layers: report.layers };
  } finally {
    await sandbox.stop();
    rmSync(directory, { recursive: true });
  }
}

async function callsAfter(entry: JournalEntry | undefined, control: Control): Promise<readonly JournalEntry[]> {
  const calls: JournalEntry[] = [];
  for (;;) {
    const page = await control.journal((calls.at(-1) ?? entry)?.sequence);
    if (page.length === 0) return calls;
    calls.push(...page);
  }
}

function delaysOf() {
  return {
    ...REALISTIC_DELAYS,
    instanceRunningMs: RUNNING_SECONDS * 1000,
    agentOnlineMs: (WAITS.launch - RUNNING_SECONDS) * 1000,
    instanceStoppedMs: WAITS.stop * 1000,
  };
}

function writeTemplates(project: string, { layers }: BenchGraph, edition: string): void {
  mkdirSync(join(project, 'templates'), { recursive: true });
  for (const { name, parent, stepSeconds } of layers) {
    const lines = [
      parent === undefined ? 'base: al2023' : `extends: ${parent}`,
      `provision: [{name: work, run: 'sandbox-sleep ${stepSeconds} # ${edition}'}]`,
      `validate: {inherit: false, checks: [{name: works, run: sandbox-sleep ${WAITS.checks}}]}`,
    ];
    writeFileSync(join(project, 'templates', `${name}.yaml`), `${lines.join('\n')}\n`);
  }
}

async function runCli(
  project: string,
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly layers: readonly LayerTimes[] }> {
  const args = ['build', '--json', '--region', 'us-west-2', '--instance-profile', 'builder', '--max-parallel', '100'];
  const child = spawn(process.execPath, [CLI, ...args, ...flags, '--poll-interval', String(POLL_SECONDS)], {
    cwd: project,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [report, progress] = ['', ''];
  child.stdout.on('data', (part) => (report += String(part)));
  child.stderr.on('data', (part) => (progress += String(part)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the build ended with status ${status ?? 'none'}:\n${progress}`);
  return JSON.parse(report) as { readonly layers: readonly LayerTimes[] };
}
