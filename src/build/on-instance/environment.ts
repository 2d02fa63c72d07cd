import { REFERENCE, type Environments } from '../../template/environments.js';

/**
 * Shell text that exports the variables, a line for each layer. Like Docker's ENV, a value sees what was there before its
 * layer; a reference to a variable that is not there stays as it is written, and nothing else in a value means anything.
 */
export function exportsOf(environments: Environments): string {
  return environments
    .map((env) => Object.entries(env).map(([name, value]) => `${name}=${written(value)}`))
    .filter((assignments) => assignments.length > 0)
    .map((assignments) => `export ${assignments.join(' ')}\n`)
    .join('');
}

/**
 * The program that starts another one with the variables. Only what a template has written runs with them: `PATH` or
 * `LD_PRELOAD` must not reach the programs that watch over it.
 */
export function environmentProgram(environments: Environments): string {
  return `#!/bin/bash\n${exportsOf(environments)}exec "$@"\n`;
}

/** What the program that reads secrets knows the way to AWS by (AWS CLI User Guide, "Environment variables"). */
const WAY_TO_AWS = /^(?:(?:https?|no|all)_proxy|AWS_CA_BUNDLE|AWS_ENDPOINT_URL(?:_[A-Z_]+)?|SSL_CERT_(?:FILE|DIR))$/i;

export function wayToAws(environments: Environments): Environments {
  return environments.map((env) => Object.fromEntries(Object.entries(env).filter(([name]) => WAY_TO_AWS.test(name))));
}

function written(value: string): string {
  let text = '';
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const [reference, bare, inBraces] = match;
    text += quoted(value.slice(end, match.index));
    const name = bare ?? inBraces ?? '';
    text += reference.startsWith('\\')
      ? quoted(reference.slice(1))
      : `"\${${name}-\\${reference.replace('}', '\\}')}}"`;
    end = match.index + reference.length;
  }
  return text + quoted(value.slice(end)) || "''";
}

function quoted(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", `'\\''`)}'`;
}
