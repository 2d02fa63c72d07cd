import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readActionFile } from '../../sandbox/github/action-file.js';
import { pushEvent } from '../../sandbox/github/event.js';
import { RUNNER_GRACE } from '../../sandbox/github/run-step.js';
import { startAction, type RunningAction } from '../../sandbox/github/runner.js';
import { timeEnvironment } from '../../sandbox/time-environment.js';
import type { Stage } from './arena.js';
import { compiled, POLL_SECONDS } from './product.js';

const REPOSITORY = 'octo/layers';

export interface ActionFolder {
  readonly folder: string;
  readonly remove: () => void;
}

/** The action with the compiled sources in the place of its bundle, which is as old as the last one that was made. */
export function makeActionFolder(): ActionFolder {
  const folder = mkdtempSync(join(tmpdir(), 'ami-action-'));
  cpSync(join(process.cwd(), 'action.yml'), join(folder, 'action.yml'));
  const { runs } = readActionFile(folder);
  for (const script of [runs.main, runs.post ?? runs.main]) {
    mkdirSync(dirname(join(folder, script)), { recursive: true });
    // Both kinds of modules know import().
    writeFileSync(join(folder, script), `void import('${pathToFileURL(compiled('src/main.js')).href}');\n`);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

export interface ActionStart {
  readonly action: ActionFolder;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A push to the default branch starts it; it lives in the sandbox's time, as does the patience of its runner. */
export async function runAction(stage: Stage, { action, inputs, environment }: ActionStart): Promise<RunningAction> {
  const { sandbox, repository, rate } = stage;
  return startAction({
    action: action.folder,
    workspace: repository.root,
    inputs: {
      'aws-region': 'us-west-2',
      'instance-profile': 'builder',
      'poll-interval-seconds': POLL_SECONDS,
      comment: 'never',
      ...inputs,
    },
    event: pushEvent(REPOSITORY, { branch: 'main', before: '0'.repeat(40), after: repository.commit(), author: 'ada' }),
    repository: REPOSITORY,
    token: 'ghs_secret',
    apiUrl: 'http://127.0.0.1:1',
    runId: 1000,
    runNumber: 1,
    environment: { ...sandbox.environment, ...(await timeEnvironment(sandbox.control)), ...environment },
    grace: { toTerminateMs: RUNNER_GRACE.toTerminateMs / rate, toKillMs: RUNNER_GRACE.toKillMs / rate },
  });
}
