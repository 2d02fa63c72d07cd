import { existsSync, readFileSync } from 'node:fs';
import { resolveInside } from './resolve-inside.js';

/** An operating system, as its /etc/os-release names it. */
export interface Platform {
  readonly name: string;
  readonly version: string;
  readonly id: string;
}

/** Of the system in that directory; empty words where it does not say. */
export function readPlatform(root: string): Platform {
  const file = resolveInside(root, 'etc/os-release');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const value = (key: string): string => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { name: value('NAME'), version: value('VERSION_ID'), id: value('ID') };
}
