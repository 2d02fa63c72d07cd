import { readFileSync } from 'node:fs';

/** Whether this process is root only in a user namespace of somebody who is not (`man user_namespaces`). */
export function inUserNamespace(): boolean {
  const [first = '', ...more] = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return more.length > 0 || first.trim().replace(/\s+/g, ' ') !== '0 0 4294967295';
}
