import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StepResult } from '../../sandbox/github/run-step.js';
import { startAction } from '../../sandbox/github/runner.js';
import type { Delivery } from './deliveries.js';
import { NAME } from './origin.js';

export const TOKEN = 'ghs_secret';

export interface CompiledAction {
  readonly run: (asked: AskedRun) => Promise<StepResult>;
  readonly remove: () => void;
}

export interface AskedRun {
  readonly delivery: Delivery;
  readonly workspace: string;
  readonly serverUrl: string;
  readonly apiUrl?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The action as it is compiled, on the local runner; the bundle is made of the same files. */
export function makeCompiledAction(): CompiledAction {
  const folder = mkdtempSync(join(tmpdir(), 'ami-action-'));
  writeFileSync(join(folder, 'action.yml'), readFileSync('action.yml', 'utf8').replaceAll('dist/index.js', 'main.mjs'));
  writeFileSync(join(folder, 'main.mjs'), `import '${pathToFileURL(resolve('build/src/main.js')).href}';\n`);
  return {
    run: ({ delivery, workspace, serverUrl, apiUrl = 'http://127.0.0.1:1', inputs = {}, environment = {} }) =>
      startAction({
        action: folder,
        workspace,
        inputs,
        event: { ...delivery, baseRef: '', headRef: '' },
        repository: NAME,
        token: TOKEN,
        apiUrl,
        serverUrl,
        runId: 7002,
        runNumber: 3,
        environment,
      }).finished,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
