import { readFileSync } from 'node:fs';

/** The operating system under every image, as /etc/os-release names it. */
export const PLATFORM: { readonly name: string; readonly version: string; readonly id: string } = readPlatform();

function readPlatform(): typeof PLATFORM {
  const text = readFileSync('/etc/os-release', 'utf8');
  const value = (key: string): string => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { name: value('NAME'), version: value('VERSION_ID'), id: value('ID') };
}
