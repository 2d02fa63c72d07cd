import { createHash, randomBytes } from 'node:crypto';
import { arch } from 'node:os';

/** The one account that every access key belongs to. */
export const ACCOUNT_ID = '123456789012';

/** Who owns the base image, under the alias `amazon`. */
export const AMAZON_ACCOUNT_ID = '137112412989';

export type Architecture = 'x86_64' | 'arm64';

/** Programs run as they are on this machine, so there is one architecture. */
export const MACHINE_ARCHITECTURE: Architecture = arch() === 'arm64' ? 'arm64' : 'x86_64';

type IdPrefix = 'i' | 'ami' | 'snap' | 'r' | 'vol' | 'eni';

/** `i-0f3…`: 17 hexadecimal digits, as AWS has made them since 2016. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** An id that is the same each time for the same words: for what every account has from the start. */
export function fixedId(prefix: string, ...words: readonly string[]): string {
  return `${prefix}-0${createHash('sha256').update(words.join('\0')).digest('hex').slice(0, 16)}`;
}
