import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSession, type Session } from './sts/session.js';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface TemporaryKey extends AccessKey {
  readonly sessionToken: string;
}

/**
 * The credentials of one sandbox. All of them come from one random key, which only the daemon knows; so none has to be
 * kept, and those that were given out outlive the daemon that gave them.
 */
export interface Keyring {
  /** The key of an account's user; the account is in its id (see account.ts). */
  readonly keyOf: (account: string) => AccessKey;
  /** For a role; the key's id is the session's. */
  readonly lend: (session: Session) => TemporaryKey;
  /** Undefined: no token of this sandbox. */
  readonly sessionOf: (token: string) => Session | undefined;
  /** Undefined: no key of this sandbox. */
  readonly secretOf: (accessKeyId: string, sessionToken: string | undefined) => string | undefined;
  /** What GitHub's identity provider would give to a job with that subject. */
  readonly identityToken: (subject: string) => string;
  readonly isIdentityToken: (token: string) => boolean;
}

const KEY_FILE = 'key';
const KEY_BYTES = 32;
const SESSION = 'sandbox';
const IDENTITY = 'identity';

/** The keyring of a store: its key is made with it, and readable by the daemon alone. */
export function openKeyring(directory: string): Keyring {
  const file = path.join(directory, KEY_FILE);
  if (!existsSync(file)) writeFileSync(file, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600, flag: 'wx' });
  return makeKeyring(readFileSync(file));
}

export function makeKeyring(key: Uint8Array): Keyring {
  const mac = (...words: readonly string[]): Buffer => createHmac('sha256', key).update(words.join('\0')).digest();
  /** The last four characters of an id: what tells a key of this sandbox from one of another. */
  const mark = (account: string): string => mac('mark', account).toString('hex').slice(0, 4).toUpperCase();
  const idOf = (account: string): string => `AKIA${account}${mark(account)}`;
  const secret = (...words: readonly string[]): string =>
    mac('secret', ...words)
      .toString('base64')
      .slice(0, 40);

  const sealed = (kind: string, content: string): string =>
    [kind, content, mac(kind, content).toString('base64url')].join('.');
  /** What was sealed; undefined when it was not, or not here. */
  const unsealed = (kind: string, token: string): string | undefined => {
    const [given, content = '', shown = '', ...more] = token.split('.');
    return given === kind && more.length === 0 && isSame(shown, mac(kind, content).toString('base64url'))
      ? content
      : undefined;
  };
  const sessionOf = (token: string): Session | undefined => {
    const content = unsealed(SESSION, token);
    if (content === undefined) return undefined;
    const session: unknown = JSON.parse(Buffer.from(content, 'base64url').toString());
    return isSession(session) ? session : undefined;
  };
  return {
    keyOf: (account) => ({ accessKeyId: idOf(account), secretAccessKey: secret(idOf(account)) }),
    lend: (session) => {
      const sessionToken = sealed(SESSION, Buffer.from(JSON.stringify(session)).toString('base64url'));
      const { accessKeyId } = session;
      return { accessKeyId, secretAccessKey: secret(accessKeyId, sessionToken), sessionToken };
    },
    sessionOf,
    secretOf: (accessKeyId, sessionToken) => {
      if (sessionToken !== undefined) {
        return sessionOf(sessionToken)?.accessKeyId === accessKeyId ? secret(accessKeyId, sessionToken) : undefined;
      }
      const account = /^AKIA(\d{12})/.exec(accessKeyId)?.[1];
      return account !== undefined && accessKeyId === idOf(account) ? secret(accessKeyId) : undefined;
    },
    identityToken: (subject) =>
      sealed(
        IDENTITY,
        Buffer.from(JSON.stringify({ sub: subject, jti: randomBytes(8).toString('hex') })).toString('base64url'),
      ),
    isIdentityToken: (token) => unsealed(IDENTITY, token) !== undefined,
  };
}

/** In a time that does not say where they differ. */
export function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
