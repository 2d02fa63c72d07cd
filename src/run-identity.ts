/** Whose code something was made from. `main`: the default branch's own, as of a commit of it; `pr`: anything else. */
export type Trust = 'main' | 'pr';

/** Who and what started this run. Outside GitHub the optional parts are undefined. */
export interface RunIdentity {
  /** `GITHUB_RUN_ID`, or `local-<time>` in a terminal. */
  readonly id: string;
  readonly number: number;
  readonly attempt: number;
  /** Random; finds what this run made, whatever it was told. */
  readonly token: string;
  readonly url: string | undefined;
  readonly repository: string | undefined;
  /** Whose images and instances the run sees; see docs/github.md. */
  readonly scope: string;
  readonly commit: string | undefined;
  readonly ref: string | undefined;
  readonly pullRequest: number | undefined;
  readonly trust: Trust;
}
