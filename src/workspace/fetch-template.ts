import { isNativeError } from 'node:util/types';

const MOST_BYTES = 1_048_576;
const TIMEOUT_MS = 30_000;

/**
 * The content of a URL. What it has to be is pinned by a digest, so where redirects lead does not matter.
 *
 * @throws an Error that says why in a few words.
 */
export async function fetchTemplate(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  if (!response.ok) throw new Error(`the server says ${response.status} ${response.statusText}`.trimEnd());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch failed` says nothing; its cause does. What runs into the timeout is no error but a DOMException. */
function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  return isNativeError(error.cause) ? error.cause.message : error.message;
}
