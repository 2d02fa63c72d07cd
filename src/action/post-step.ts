import { openClouds } from '../aws/open-clouds.js';
import type { Cloud } from '../build/cloud.js';
import type { Environment } from '../github/event.js';
import { print } from '../github/logs.js';
import { publishAnnotations } from '../github/publish.js';
import { readInput } from '../github/read-input.js';
import { readProxies } from '../github/read-proxies.js';
import type { RunState } from '../github/state.js';
import { parseInputs } from '../inputs.js';
import type { Clock } from '../lib/clock.js';
import { webIdentityOf } from './web-identity.js';

/** The runner gives a cancelled job five minutes in all; a launch that was under way shows up within seconds. */
const BUDGET_MS = 60_000;
const QUIET_MS = 10_000;
const INTERVAL_MS = 2_000;

/** Ends what the main step left running: nothing in the usual case. Finds it by tag, so it needs to be told of nothing. */
export async function postStep(state: RunState, env: Environment, clock: Clock): Promise<void> {
  if (state.clean) return;
  // Credentials of its own: another action's post step may have removed those of the environment by now.
  const parsed = parseInputs(readInput);
  const identity = 'inputs' in parsed ? webIdentityOf(parsed.inputs, env) : undefined;
  const cloudIn = await openClouds({ calls: {}, clock, identity, proxyFor: readProxies(env) });
  for (const region of state.regions) {
    const cloud = cloudIn(region);
    const left = await endInstances({ cloud, runToken: state.runToken, clock });
    if (left.length > 0) {
      const message = `${left.join(', ')} in ${region} did not end in time; their own timer will end them.`;
      publishAnnotations([{ level: 'warning', title: 'Left behind', message, place: undefined }]);
    }
  }
}

interface Clearing {
  readonly cloud: Cloud;
  readonly runToken: string;
  readonly clock: Clock;
}

/** Terminates until none was to be seen for a while; a request that was in flight may still bring one. */
async function endInstances({ cloud, runToken, clock }: Clearing): Promise<readonly string[]> {
  const deadline = clock.now() + BUDGET_MS;
  let quietSince = clock.now();
  for (;;) {
    const ids = (await cloud.listInstances({ runToken })).map(({ instanceId }) => instanceId);
    const now = clock.now();
    if (ids.length > 0) {
      print([`Terminating ${ids.join(', ')} in ${cloud.region}.`]);
      await cloud.terminate(ids);
      quietSince = now;
    }
    if (now - quietSince >= QUIET_MS) return [];
    if (now >= deadline) return ids;
    await clock.sleep(INTERVAL_MS);
  }
}
