/** An error as AWS would answer it: what a caller did wrong, or what AWS could not do. Anything else thrown is a bug. */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** A word that some services add to the code, as in `ValidationException` with `UNRELATED_SNAPSHOTS`. */
  readonly reason: string | undefined;

  constructor(code: string, message: string, status = 400, reason?: string) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.reason = reason;
  }
}
