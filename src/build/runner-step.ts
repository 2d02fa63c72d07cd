import type { Span } from '../diagnostics/diagnostic.js';

/** One script that the runner on an instance runs. */
export interface RunnerStep {
  readonly name: string;
  readonly script: string;
  readonly timeoutSeconds: number;
  /** Whether the instance reboots after it, before the next one. */
  readonly reboot: boolean;
  /** In its template; undefined for a step that this tool made up. */
  readonly span: Span | undefined;
}
