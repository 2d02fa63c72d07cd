import type { ParameterRecord } from '../state.js';
import type { Scope } from '../wire/operation.js';
import type { World } from '../world.js';
import { publicParameters } from './public-parameters.js';

/** Key of a parameter in the state. */
export function parameterKey({ account, region }: Scope, name: string): string {
  return `${account} ${region} ${name}`;
}

/** A parameter of the account, or one of AWS's public ones, as its newest version is. */
export function findParameter(world: World, scope: Scope, name: string): ParameterRecord | undefined {
  return (
    world.state.parameters[parameterKey(scope, name)] ??
    publicParameters(world.base, scope.region).find((parameter) => parameter.name === name)
  );
}

/** `undefined` version: the newest is meant. Labels are not known here, so they are taken for a part of the name. */
export function parseReference(reference: string): { readonly name: string; readonly version: number | undefined } {
  const [, name = reference, version] = /^(.+):(\d+)$/.exec(reference) ?? [];
  return { name, version: version === undefined ? undefined : Number(version) };
}

/** The parameter as it was in that version. */
export function versionOf(parameter: ParameterRecord, version: number | undefined): ParameterRecord | undefined {
  if (version === undefined || version === parameter.version) return parameter;
  const earlier = parameter.earlier.find((one) => one.version === version);
  return earlier && { ...parameter, ...earlier };
}
