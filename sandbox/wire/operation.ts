import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { Session } from '../sts/session.js';
import type { World } from '../world.js';

/** Whose resources, and where. */
export interface Scope {
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
}

/** Who asks, and where. */
export interface Caller extends Scope {
  /** Empty for the calls that AWS accepts unsigned. */
  readonly accessKeyId: string;
  /** Of temporary credentials that the sandbox gave out. */
  readonly session?: Session | undefined;
}

/** One AWS operation: its name and shapes from the SDK, its behaviour from here. */
export interface Operation {
  readonly name: string;
  /** Of a REST service: how its requests are told from others. */
  readonly route: { readonly method: string; readonly template: string } | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  readonly run: (world: World, request: unknown, caller: Caller) => unknown;
}

/**
 * Ties behaviour to the SDK's schema of the same operation. The request was decoded by that schema, which is what makes
 * it an `Input`.
 */
export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (world: World, request: Input, caller: Caller) => Output | Promise<Output>,
): Operation {
  const [, , name, traits, input, output] = schema;
  return {
    name,
    route: routeOf(traits),
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    run: (world, request, caller) => run(world, request as Input, caller),
  };
}

function routeOf(traits: StaticOperationSchema[3]): Operation['route'] {
  const [method, template] = typeof traits === 'object' ? (traits.http ?? []) : [];
  return method === undefined || template === undefined ? undefined : { method, template };
}
