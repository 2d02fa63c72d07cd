import { CloudFailure } from '../build/cloud.js';
import { treatmentOf } from './treatment.js';

/** Runs AWS requests and turns what AWS or the network throws into a `CloudFailure` with words for the user. */
export async function asked<T>(operation: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw isFromOutside(error) ? toFailure(operation, error) : error;
  }
}

/** AWS's error code, or undefined when the error did not come from AWS. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof CloudFailure ? error.code : undefined;
}

/** Errors of the SDK's services carry `$metadata`, those of sockets a `code`; anything else is a bug of ours. */
function isFromOutside(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !(error instanceof CloudFailure) &&
    ('$metadata' in error ||
      'code' in error ||
      error.name === 'CredentialsProviderError' ||
      error.name === 'TimeoutError')
  );
}

/** AWS's code for an error as the SDK throws it; the socket's, which the SDK calls a time-out, or none. */
export function sdkCode({ name, code }: { readonly name: string; readonly code?: unknown }): string {
  return typeof code === 'string' && (name === 'Error' || name === 'TimeoutError') ? code : name;
}

function toFailure(operation: string, error: Error): CloudFailure {
  const code = sdkCode(error);
  return new CloudFailure({ operation, code, message: error.message, ...treatmentOf(code), cause: error });
}
