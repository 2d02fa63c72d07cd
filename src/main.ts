import { format } from 'node:util';
import { mainStep } from './action/main-step.js';
import { postStep } from './action/post-step.js';
import { print } from './github/logs.js';
import { publishFailure } from './github/publish.js';
import { readRunState } from './github/state.js';
import { systemClock } from './lib/clock.js';

/** The action's entry, for main, post and what main asks of the cache (cache-service.ts); with cli.ts the only place that touches the process. */
async function run(): Promise<void> {
  // What later versions of the SDK will need is for whoever updates the pinned one, not for users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const [, file = '', ...request] = process.argv;
  if (request.length > 0) {
    const { serveCacheRequest } = await import('./github/cache-request.js');
    await serveCacheRequest(request);
    return;
  }
  const state = readRunState();
  if (state !== undefined) {
    await postStep(state, process.env, systemClock);
    return;
  }
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());
  await mainStep({ file, env: process.env, signal: cancel.signal });
}

// What libraries and Node have to say is printed as everything else is: it has texts of others in it too.
const say = (...said: readonly unknown[]): void => print([format(...said)]);
Object.assign(console, { debug: say, error: say, info: say, log: say, trace: say, warn: say });
process.removeAllListeners('warning').on('warning', ({ name, message }) => print([`${name}: ${message}`]));
process.on('uncaughtException', (error) => {
  announceBug(error);
  process.exit();
});

// No `await`: the bundle is CommonJS.
run().catch(announceBug);

function announceBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  publishFailure(`This is a bug in ami-layers; please report it. ${text}`);
}
