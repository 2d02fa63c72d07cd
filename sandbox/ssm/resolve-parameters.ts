import { findParameter } from './find-parameter.js';
import type { InstanceRecord, ParameterRecord } from '../state.js';
import type { World } from '../world.js';

const REFERENCE = /\{\{ *ssm:([/\w.-]+) *\}\}/g;

/**
 * The agent puts the value of a parameter wherever `{{ssm:name}}` stands, in scripts too, and leaves all other braces
 * (AGENT parameterstore.go). What it puts in is not looked at again.
 *
 * @throws Error in the agent's words, for parameters that are not there or are secret.
 */
export function resolveParameters(world: World, instance: InstanceRecord, text: string): string {
  const names = new Set([...text.matchAll(REFERENCE)].map(([, name = '']) => name));
  const found = new Map<string, ParameterRecord>();
  const scope = { account: instance.owner, region: instance.region };
  for (const name of names) {
    const parameter = findParameter(world, scope, name);
    if (parameter !== undefined) found.set(name, parameter);
  }
  const missing = [...names].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`Input contains invalid parameters [${missing.join(' ')}]`);
  const secret = [...found.values()].filter(({ type }) => type === 'SecureString').map(({ name }) => name);
  if (secret.length > 0) throw new Error(`Parameters [${secret.join(' ')}] of type SecureString are not supported`);
  return text.replace(REFERENCE, (_reference, name: string) => found.get(name)?.value ?? '');
}
