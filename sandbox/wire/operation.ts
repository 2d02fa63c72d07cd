import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { World } from '../world.js';

/** Who asks, and where. */
export interface Caller {
  readonly region: string;
  /** Empty for the calls that AWS accepts unsigned. */
  readonly accessKeyId: string;
}

/** One AWS operation: its name and shapes from the SDK, its behaviour from here. */
export interface Operation {
  readonly name: string;
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
  const [, , name, , input, output] = schema;
  return {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    run: (world, request, caller) => run(world, request as Input, caller),
  };
}
