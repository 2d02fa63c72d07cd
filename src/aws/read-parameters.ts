import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { chunk } from '../lib/chunk.js';
import type { Clients } from './clients.js';
import { asked } from './failure.js';

/** The value of a parameter; undefined when there is no such parameter. */
export type ReadParameter = (name: string) => Promise<string | undefined>;

/** GetParameters takes at most ten names (SSM API reference). */
const MOST_NAMES = 10;

/** Names that are asked for in the same turn of the event loop share their requests. */
export function parameterReader({ ssm }: Clients): ReadParameter {
  let open: { readonly names: Set<string>; readonly values: Promise<ReadonlyMap<string, string>> } | undefined;

  const read = async (names: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const answers = await Promise.all(
      chunk(names, MOST_NAMES).map((some) =>
        asked('GetParameters', () => ssm.send(new GetParametersCommand({ Names: [...some] }))),
      ),
    );
    const found = answers.flatMap(({ Parameters }) => Parameters ?? []);
    return new Map(
      found.flatMap(({ Name, Value }) => (Name === undefined || Value === undefined ? [] : [[Name, Value]])),
    );
  };

  return async (name) => {
    if (open === undefined) {
      const names = new Set<string>();
      const turn = new Promise((resolve) => setImmediate(resolve));
      const values = turn.then(() => {
        open = undefined;
        return read([...names]);
      });
      open = { names, values };
    }
    const { names, values } = open;
    names.add(name);
    return (await values).get(name);
  };
}
