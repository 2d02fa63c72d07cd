import { randomUUID } from 'node:crypto';
import { openClouds } from '../aws/open-clouds.js';
import { LOCAL_SCOPE } from '../images/tags.js';
import { readRepositorySettings } from '../template/repository-settings.js';
import type { Ports } from '../commands/ports.js';
import { readProxies } from '../github/read-proxies.js';
import { systemClock } from '../lib/clock.js';
import { openCheckout, type Checkout } from './checkout.js';
import { originOf } from './origin-of.js';
import type { CommonFlags } from './flags.js';
import { openSandbox, SANDBOX_REGION, sandboxDirectory } from './sandbox-door.js';
import type { Terminal } from './terminal.js';

/** What every command of the terminal works with. */
export interface Session extends Omit<Checkout, 'workspace'> {
  readonly ports: Omit<Ports, 'onPlan' | 'onEvent'>;
  readonly region: string | undefined;
}

export async function openSession(flags: CommonFlags, terminal: Terminal): Promise<Session> {
  const { root, workspace, fromRoot } = openCheckout(terminal);
  if (flags.sandbox === true) await useSandbox(root, terminal);
  const { env, signal } = terminal;
  const scope = flags.scope ?? readRepositorySettings(workspace).scope ?? originOf(root) ?? LOCAL_SCOPE;
  const apiCalls = {};
  const apiRepeats = {};
  return {
    root,
    region:
      flags.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (flags.sandbox === true ? SANDBOX_REGION : undefined),
    fromRoot,
    ports: {
      workspace,
      cloudIn: await openClouds({
        scope,
        calls: apiCalls,
        repeats: apiRepeats,
        clock: systemClock,
        identity: undefined,
        proxyFor: readProxies(env),
      }),
      apiCalls,
      apiRepeats,
      clock: systemClock,
      signal,
      run: {
        id: `local-${new Date().toISOString().replace(/[:.]/g, '-')}`,
        number: 1,
        attempt: 1,
        token: randomUUID(),
        url: undefined,
        repository: undefined,
        scope,
        commit: undefined,
        ref: undefined,
        pullRequest: undefined,
        trust: 'pr',
      },
    },
  };
}

/** Starts the sandbox of this repository, or joins the one that runs. */
async function useSandbox(root: string, terminal: Terminal): Promise<void> {
  const sandbox = await openSandbox({ directory: sandboxDirectory(root) }, terminal);
  terminal.setEnv(sandbox.environment);
  terminal.err(`Sandbox at ${sandbox.endpoint}: images and instances are on this machine, nothing is sent to AWS.`);
}
