import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Grace } from '../../sandbox/github/run-step.js';
import { startAction, type ActionResult, type RunningAction } from '../../sandbox/github/runner.js';
import type { Delivery } from './deliveries.js';
import { NAME } from './origin.js';

export const TOKEN = 'ghs_secret';

export interface CompiledAction {
  readonly start: (asked: AskedRun) => RunningAction;
  readonly run: (asked: AskedRun) => Promise<ActionResult>;
  readonly remove: () => void;
}

export interface AskedRun {
  readonly delivery: Delivery;
  readonly workspace: string;
  readonly serverUrl: string;
  readonly apiUrl?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly grace?: Grace;
  readonly onLine?: (line: string) => void;
}

/** The action as it is compiled, on the local runner; the bundle is made of the same files. */
export function makeCompiledAction(): CompiledAction {
  const folder = mkdtempSync(join(tmpdir(), 'ami-action-'));
  writeFileSync(join(folder, 'action.yml'), readFileSync('action.yml', 'utf8').replaceAll('dist/index.js', 'main.mjs'));
  writeFileSync(join(folder, 'main.mjs'), `import '${pathToFileURL(resolve('build/src/main.js')).href}';\n`);
  const start = ({ delivery, ...asked }: AskedRun): RunningAction =>
    startAction({
      apiUrl: 'http://127.0.0.1:1',
      inputs: {},
      ...asked,
      action: folder,
      event: { ...delivery, baseRef: '', headRef: '' },
      repository: NAME,
      token: TOKEN,
      runId: 7002,
      runNumber: 3,
    });
  return {
    start,
    run: (asked) => start(asked).finished,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
