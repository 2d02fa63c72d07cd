import { REALISTIC_DELAYS } from '../../sandbox/delays.js';
import type { Files } from '../repository.js';
import { makeActionFolder, runAction } from './action.js';
import type { Verdict } from './aftermath.js';
import { openStage, within, type Stage } from './arena.js';
import { serveIdTokens } from './id-tokens.js';
import { readImages } from './images.js';
import type { Suite } from './suite.js';
import type { Tally } from './tally.js';

export interface LongStep {
  readonly minutes: number;
  /** How long one session of the role lives. */
  readonly sessionSeconds: number;
  /** Sandbox seconds for each real one. */
  readonly rate: number;
}

const WHOLE: LongStep = { minutes: 70, sessionSeconds: 3600, rate: 60 };
const MINUTE_MS = 60_000;

/** In real time: for the step to begin. */
const BEGIN_MS = 60_000;

/** A step that outlives the credentials of its run, and one that outlives the run. */
export const longSteps: Suite = {
  title: 'a step of 70 minutes',
  cases: () => [
    { name: 'longer than its credentials live', run: () => outliveCredentials(WHOLE) },
    { name: 'its runner is killed at minute 30', run: () => outliveRunner({ ...WHOLE, killedAtMinute: 30 }) },
  ],
};

/** The action assumes a role, whose session ends before the step does. */
export async function outliveCredentials(step: LongStep): Promise<Verdict> {
  const stage = await openStage(stageOf(step));
  const [idTokens, action] = [await serveIdTokens(stage.sandbox), makeActionFolder()];
  try {
    const { finished } = await runAction(stage, {
      action,
      inputs: {
        'role-to-assume': 'arn:aws:iam::123456789012:role/images',
        'role-duration-seconds': String(step.sessionSeconds),
        'poll-interval-seconds': '3',
      },
      environment: { ...idTokens.environment, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    });
    const { conclusion, log } = await finished;
    const calls = await stage.calls();
    const sessions = calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity').length;
    const refused = calls.filter(({ result = '' }) => /expired/i.test(result)).length;
    const problems = await problemsOf(stage);
    if (conclusion !== 'success') problems.push(`the action ended with ${conclusion}: ${log.slice(-5).join(' | ')}`);
    if (sessions < 2) problems.push(`${sessions} sessions of the role cannot have been enough`);
    if (refused > 0) problems.push(`${refused} requests with credentials that had expired`);
    return { problems, notes: [`${sessions} sessions of the role`] };
  } finally {
    action.remove();
    await idTokens.close();
    await stage.close();
  }
}

export interface Interruption extends LongStep {
  readonly killedAtMinute: number;
}

/** The run is killed in the middle of the step, and another is started at once. */
export async function outliveRunner({ killedAtMinute, ...step }: Interruption): Promise<Verdict> {
  const stage = await openStage(stageOf(step));
  try {
    const killed = await stage.start();
    const hasBegun = await within(BEGIN_MS, async () => stage.tally.runs().length > 0);
    const begunAt = Date.now();
    await within((killedAtMinute * MINUTE_MS) / step.rate, async () => killed.child.exitCode !== null);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { status, output } = await (await stage.start()).ended;
    const minutes = ((Date.now() - begunAt) * step.rate) / MINUTE_MS;
    const problems = await problemsOf(stage);
    if (!hasBegun) problems.push('the step did not begin');
    if (killed.child.signalCode !== 'SIGKILL') problems.push('the run ended before it was killed');
    if (status !== 0) problems.push(`the next run ended with status ${status ?? 'none'}: ${output.slice(-300)}`);
    return { problems, notes: [`${Math.round(minutes)} minutes from the step's begin to the end of all`] };
  } finally {
    await stage.close();
  }
}

function stageOf({ rate, minutes }: LongStep) {
  return { rate, delays: REALISTIC_DELAYS, files: (tally: Tally) => oneLayer(tally, minutes) };
}

function oneLayer({ line }: Tally, minutes: number): Files {
  const lines = [
    'base: al2023',
    'provision:',
    '  - name: long',
    '    run: |',
    `      ${line('tool', 'long')}`,
    `      sandbox-sleep ${minutes * 60}`,
    '  - name: last',
    `    run: ${line('tool', 'last')}`,
  ];
  return { 'templates/tool.yaml': `${lines.join('\n')}\n` };
}

/** Each step ran once, and the layer has its one image. */
async function problemsOf({ sandbox, tally }: Stage): Promise<string[]> {
  const steps = tally.runs().map(({ step }) => step);
  const images = (await readImages(sandbox)).map(({ state }) => state);
  return [
    ...(steps.join() === 'long,last' ? [] : [`the steps that ran: ${steps.join(', ')}`]),
    ...(images.join() === 'validated' ? [] : [`the images: ${images.join(', ')}`]),
  ];
}
