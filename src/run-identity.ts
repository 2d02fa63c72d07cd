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
  readonly commit: string | undefined;
  readonly ref: string | undefined;
  readonly pullRequest: number | undefined;
  /** `main`: the default branch's own code; `pr`: anything else. */
  readonly trust: 'main' | 'pr';
}
