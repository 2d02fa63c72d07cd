import type { Clock } from '../lib/clock.js';
import type { Cloud } from './cloud.js';
import { ASIDE, BUNDLE_ROOT, TEST_ROOT } from './on-instance/layout.js';
import { readPoll, type RunnerEvent } from './on-instance/read-poll.js';

/** How far the runner on an instance is, as far as has been read. */
export interface StepsView {
  readonly alive: boolean;
  readonly events: readonly RunnerEvent[];
  /** The log from `logFrom` on; what came before was left out or dropped. */
  readonly log: Buffer;
  readonly logFrom: number;
  /** Bytes of the log on the instance at the last look. */
  readonly logBytes: number;
  /** Looks in a row that found no runner and nothing new. */
  readonly deadLooks: number;
  /** Looks in a row that were answered, but not by a runner. */
  readonly muteLooks: number;
}

/** So much of a log is kept, while its layer is worked on, for messages and for whoever prints it later than it comes. */
const KEPT_BYTES = 256 * 1024;

/** A log that is further ahead is not followed line by line: its end is what matters. */
const MOST_BEHIND_BYTES = 64 * 1024;
const CATCH_UP_BYTES = 16 * 1024;

/** What says nothing for long is looked at less often: its end is noticed this much of the silence late, at most. */
const PAUSE_OF_SILENCE = 0.01;
const LONGEST_PAUSE_MS = 10_000;

/** A look that has not been answered by then is given up; the next one asks the same again. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Instances that have answered do not wait longer for one that has not: it may be rebooting. */
const LAGGARD_TIMEOUT_MS = 10_000;

/** A look waits a moment for a runner: mostly one is just being delivered, and the next look would come ticks later. */
const RUNNER_PAUSE_SECONDS = 0.2;

/** SendCommand takes at most 50 instance ids (SSM API reference). */
const INSTANCES_PER_COMMAND = 50;

interface Reading {
  view: StepsView;
  silentSince: number;
  notBefore: number;
}

/** One command to several runners. */
interface Asked {
  readonly commandId: string;
  readonly waiting: Set<string>;
  readonly at: number;
}

/** Requests that one look may take: the command, and the list of its answers or of those to the one before. */
export const LOOK_REQUESTS = 2;

/** One builder may run the steps of several layers, one after another. */
export function stepsKey({
  instanceId,
  templateHash,
}: {
  readonly instanceId: string;
  readonly templateHash: string;
}): string {
  return `${instanceId} ${templateHash}`;
}

function instanceOf(key: string): string {
  return key.split(' ')[0] ?? '';
}

/**
 * Reads the progress of all runners of a Region with one command to all of them and one list of its answers, however
 * many there are. A lost answer costs a tick, never a line: the next look names the same offset. `answerMs`: what the
 * agents are given before their answers are looked for; what comes later is read in the next tick.
 */
export function createStepReader(
  cloud: Cloud,
  clock: Clock,
  answerMs: number,
): (keys: readonly string[]) => Promise<ReadonlyMap<string, StepsView>> {
  const readings = new Map<string, Reading>();
  let asked: Asked | undefined;

  const readingOf = (key: string): Reading => {
    const known = readings.get(key);
    if (known !== undefined) return known;
    const view = { alive: true, events: [], log: Buffer.alloc(0), logFrom: 0, logBytes: 0, deadLooks: 0, muteLooks: 0 };
    const fresh: Reading = { view, silentSince: clock.now(), notBefore: 0 };
    readings.set(key, fresh);
    return fresh;
  };

  /** Steps that have begun and that nobody awaits any more are through: what was kept of them would stay for the whole run. */
  const forgetOthers = (keys: readonly string[]): void => {
    const awaited = new Set(keys);
    for (const [key, { view }] of readings) {
      if (awaited.has(key) || view.events.length === 0) continue;
      readings.delete(key);
      asked?.waiting.delete(key);
    }
  };

  const ask = async (keys: readonly string[]): Promise<Asked> => {
    const at = clock.now();
    const commandId = await cloud.sendCommand({
      instanceIds: keys.map(instanceOf),
      comment: 'ami-layers: progress',
      script: pollScript(keys.map((key) => [instanceOf(key), readingOf(key).view])),
      timeoutSeconds: 60,
    });
    return { commandId, waiting: new Set(keys), at };
  };

  const read = async ({ commandId, waiting, at }: Asked): Promise<void> => {
    const answers = await cloud.answers(commandId);
    for (const key of [...waiting]) {
      const output = answers.get(instanceOf(key));
      if (output === undefined) continue;
      waiting.delete(key);
      take(readingOf(key), output, at);
    }
  };

  const isOpen = ({ waiting, at }: Asked, keys: readonly string[], isOtherDue: boolean): boolean =>
    keys.some((key) => waiting.has(key)) && clock.now() - at <= (isOtherDue ? LAGGARD_TIMEOUT_MS : ANSWER_TIMEOUT_MS);

  return async (keys) => {
    forgetOthers(keys);
    const hasRead = asked !== undefined;
    if (asked !== undefined) await read(asked);
    const now = clock.now();
    const due = keys.filter((key) => readingOf(key).notBefore <= now && asked?.waiting.has(key) !== true);
    if (asked === undefined || !isOpen(asked, keys, due.length > 0)) {
      asked = undefined;
      if (due.length > 0) {
        // Those that were looked at longest ago come first: with more than fit, all have their turn.
        const inTurn = due.toSorted((a, b) => readingOf(a).notBefore - readingOf(b).notBefore);
        asked = await ask(inTurn.slice(0, INSTANCES_PER_COMMAND));
        if (!hasRead) {
          await clock.sleep(answerMs);
          await read(asked);
        }
      }
    }
    return new Map(keys.map((key) => [key, readingOf(key).view]));
  };
}

/** One script for all: each instance knows its own id from the agent's environment. */
function pollScript(instances: readonly (readonly [id: string, view: StepsView])[]): string {
  const cases = instances.map(([id, view]) => `  ${id}) set -- ${nextOffset(view)} ${view.events.length} ;;`);
  return `case $AWS_SSM_INSTANCE_ID in
${cases.join('\n')}
esac
for turn in 1 2 3 4 5 6 7 8; do
  for root in ${ASIDE} ${TEST_ROOT} ${BUNDLE_ROOT}; do
    if [ -e $root/events ]; then exec $root/runner poll "$@"; fi
  done
  sleep ${RUNNER_PAUSE_SECONDS}
done`;
}

function nextOffset({ log, logFrom, logBytes }: StepsView): number {
  const read = logFrom + log.length;
  return logBytes - read > MOST_BEHIND_BYTES ? logBytes - CATCH_UP_BYTES : read;
}

function take(reading: Reading, output: string, askedAt: number): void {
  const poll = readPoll(output);
  const { view } = reading;
  if (poll === undefined) {
    reading.view = { ...view, muteLooks: view.muteLooks + 1 };
    pause(reading, askedAt);
    return;
  }
  const isGapless = poll.logFrom === view.logFrom + view.log.length;
  const log = Buffer.concat(isGapless ? [view.log, poll.log] : [poll.log]);
  const dropped = Math.max(0, log.length - KEPT_BYTES);
  const isNews = poll.events.length > 0 || poll.log.length > 0;
  reading.view = {
    alive: poll.alive,
    events: [...view.events, ...poll.events],
    log: log.subarray(dropped),
    logFrom: (isGapless ? view.logFrom : poll.logFrom) + dropped,
    logBytes: poll.logBytes,
    deadLooks: poll.alive || isNews ? 0 : view.deadLooks + 1,
    muteLooks: 0,
  };
  if (isNews) {
    reading.silentSince = askedAt;
    reading.notBefore = askedAt;
  } else pause(reading, askedAt);
}

function pause(reading: Reading, askedAt: number): void {
  const silence = askedAt - reading.silentSince;
  reading.notBefore = askedAt + Math.min(LONGEST_PAUSE_MS, silence * PAUSE_OF_SILENCE);
}
