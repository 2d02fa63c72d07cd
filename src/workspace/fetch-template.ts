import { lookup, type LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isNativeError } from 'node:util/types';
import { isPublicAddress } from './public-address.js';

const MOST_BYTES = 1_048_576;
const TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 3;

/** How servers are found and believed. A test reaches one on its own machine with it; the product never says anything else. */
export interface Reach {
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  readonly isAllowed: (address: string) => boolean;
  /** Certificates to believe beside those of the system. */
  readonly ca?: string;
}

const INTERNET: Reach = { resolve: addressesOf, isAllowed: isPublicAddress };

/**
 * The content of an https URL on the public internet. A template names the URL and may be anybody's: nothing is asked that
 * only this machine can reach, also not by a redirect or a name that means another address the second time; and nothing
 * of an answer is in an error but its status.
 *
 * @throws an Error that says why in a few words.
 */
export async function fetchTemplate(url: string, reach: Reach = INTERNET): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let at = parse(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await ask(at, reach, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return bodyOf(response, signal);
    response.destroy();
    if (!REDIRECTS.has(statusCode) || headers.location === undefined) throw new Error(`the server says ${statusCode}`);
    if (redirects === MOST_REDIRECTS) throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
    at = parse(headers.location, at);
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function parse(url: string, base?: URL): URL {
  const parsed = URL.canParse(url, base?.href) ? new URL(url, base) : undefined;
  const where = base === undefined ? 'it is' : 'it redirects to what is';
  if (parsed?.protocol !== 'https:') throw new Error(`${where} no https URL`);
  if (parsed.username !== '' || parsed.password !== '') throw new Error(`${where} a URL with credentials`);
  return parsed;
}

async function ask(url: URL, reach: Reach, signal: AbortSignal): Promise<IncomingMessage> {
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // Node asks nobody for the address of an address.
  if (isIP(literal) !== 0 && !reach.isAllowed(literal)) throw notPublic();
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(signal.aborted ? tooSlow() : reasonOf(error));
    };
    request(
      url,
      {
        agent: false,
        lookup: allowedLookup(reach),
        headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'ami-layers' },
        ...(reach.ca !== undefined && { ca: reach.ca }),
        signal,
      },
      resolve,
    )
      .on('error', fail)
      .end();
  });
}

/** The connection goes to the very address that was looked at. */
function allowedLookup({ resolve, isAllowed }: Reach): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) callback(notPublic(), []);
        else if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(isNativeError(error) ? error : new Error(String(error)), []);
      },
    );
  };
}

function addressesOf(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}

async function bodyOf(response: IncomingMessage, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw signal.aborted ? tooSlow() : reasonOf(error);
  }
  if (bytes > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
  return Buffer.concat(chunks);
}

class NotPublic extends Error {}

function notPublic(): Error {
  return new NotPublic('it is not on the public internet');
}

function tooSlow(): Error {
  return new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`);
}

/** The kind of error: its words may be the server's, or say what addresses there are. */
function reasonOf(error: unknown): Error {
  if (error instanceof NotPublic) return error;
  const code = isNativeError(error) && 'code' in error ? String(error.code) : 'no answer';
  return new Error(`it cannot be reached (${code})`, { cause: error });
}
