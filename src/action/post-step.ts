import { openClouds } from '../aws/open-clouds.js';
import { CloudFailure } from '../build/cloud.js';
import type { Environment } from '../github/event.js';
import { print } from '../github/logs.js';
import { publishAnnotations } from '../github/publish.js';
import { readInput } from '../github/read-input.js';
import type { Ended, RunState } from '../github/state.js';
import { parseInputs, type Inputs } from '../inputs.js';
import type { Clock } from '../lib/clock.js';
import { readProxies } from '../github/read-proxies.js';
import { endInstances } from './end-instances.js';
import { webIdentityOf } from './web-identity.js';

const WHY: Readonly<Record<Exclude<Ended, 'clean'>, string>> = {
  killed:
    'The main step was killed before it had ended its instances: a cancelled job, or one whose `timeout-minutes` ' +
    'ran out, has some seconds to stop. Looking for what it left.',
  'with-leftovers': 'The main step could not end everything it had started. Looking for what it left.',
};

/** Ends what the main step left running: nothing in the usual case. Finds it by tag, so it needs to be told of nothing. */
export async function postStep(state: RunState, env: Environment, clock: Clock): Promise<void> {
  if (state.ended === 'clean') return;
  const parsed = parseInputs(readInput);
  // Main has stopped at inputs with problems.
  if ('diagnostics' in parsed) return;
  const { inputs } = parsed;
  print([WHY[state.ended]]);
  for (const message of await clear(state, { inputs, env, clock })) {
    publishAnnotations([{ level: 'warning', title: 'Left behind', message, place: undefined }]);
  }
  if (state.ended !== 'killed') return;
  const { announceKilled } = await import('./announce-killed.js');
  await announceKilled(inputs, env);
}

interface Means {
  readonly inputs: Inputs;
  readonly env: Environment;
  readonly clock: Clock;
}

/** What is left all the same, in words. A post step that fails would change the result of the job. */
async function clear(state: RunState, { inputs, env, clock }: Means): Promise<readonly string[]> {
  // Credentials of its own: another action's post step may have removed those of the environment by now.
  const cloudIn = await openClouds({
    scope: state.scope,
    calls: {},
    clock,
    identity: webIdentityOf(inputs, env),
    proxyFor: readProxies(env),
  });
  const messages: string[] = [];
  for (const region of state.regions) {
    try {
      const left = await endInstances({ cloud: cloudIn(region), state, onCancel: inputs.onCancel, clock });
      if (left.length > 0) messages.push(`${left.join(', ')} in ${region} did not end in time. ${TIMER}`);
    } catch (error) {
      if (!(error instanceof CloudFailure)) throw error;
      messages.push(`what is left in ${region} could not be ended: ${error.message}. Fix: ${error.fix} ${TIMER}`);
    }
  }
  return messages;
}

const TIMER = 'Instances end by their own timer, or with the next sweep.';
