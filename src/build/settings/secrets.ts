import type { Secret } from '../../template/layer.js';
import { BUNDLE_ROOT } from '../on-instance/layout.js';
import { READ_SECRETS, REQUEST_SECRET } from '../on-instance/read-secrets.js';
import { quote } from '../software/quote.js';

/**
 * The runner reads secrets before the first step and keeps them in its memory, because it is the steps' parent. This step
 * only says what came of it, so that a secret that cannot be read is a failure with a place like any other.
 */
export function secretsScript(secrets: readonly Secret[]): string {
  return [
    `if [ -s ${BUNDLE_ROOT}/secrets/problem ]; then
  cat ${BUNDLE_ROOT}/secrets/problem >&2
  exit 1
fi`,
    ...secrets.map(({ name, service, id }) => `echo ${quote(`${name} is ${service}:${id}`)}`),
  ]
    .join('\n')
    .concat('\n');
}

/** What the runner needs to read them; names only, no values. `environment` starts the program that does. */
export function secretFiles(
  secrets: readonly Secret[],
  environment: string,
): readonly { readonly path: string; readonly content: string; readonly isProgram: boolean }[] {
  if (secrets.length === 0) return [];
  const list = secrets.map(({ name, service, id }) => `${name}\t${service}\t${id}\n`).join('');
  return [
    { path: 'secrets/list', content: list, isProgram: false },
    { path: 'secrets/environment', content: environment, isProgram: true },
    { path: 'secrets/read', content: READ_SECRETS, isProgram: true },
    { path: 'secrets/request.py', content: REQUEST_SECRET, isProgram: false },
  ];
}
