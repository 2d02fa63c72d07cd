import { createHash, randomBytes } from 'node:crypto';
import { arch } from 'node:os';

/** The account of every access key that does not say another. */
export const ACCOUNT_ID = '123456789012';

/** Who owns the base image, under the alias `amazon`. */
export const AMAZON_ACCOUNT_ID = '137112412989';

/** `AKIA` or `ASIA`, then an account's 12 digits, then anything: a key of that account. No other scheme is known here. */
export function accountOf(accessKeyId: string): string {
  return /^A[KS]IA(\d{12})/.exec(accessKeyId)?.[1] ?? ACCOUNT_ID;
}

/** A key that `accountOf` understands, for credentials that the sandbox gives out. */
export function temporaryAccessKeyId(account: string): string {
  return `ASIA${account}TEMP`;
}

export type Architecture = 'x86_64' | 'arm64';

/** Programs run as they are on this machine, so there is one architecture. */
export const MACHINE_ARCHITECTURE: Architecture = arch() === 'arm64' ? 'arm64' : 'x86_64';

type IdPrefix = 'i' | 'ami' | 'snap' | 'r' | 'vol' | 'eni' | 'lt';

/** `i-0f3…`: 17 hexadecimal digits, as AWS has made them since 2016. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** An id that is the same each time for the same words: for what every account has from the start. */
export function fixedId(prefix: string, ...words: readonly string[]): string {
  return `${prefix}-0${createHash('sha256').update(words.join('\0')).digest('hex').slice(0, 16)}`;
}
