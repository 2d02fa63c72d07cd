import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.js';
import type { Operation } from './operation.js';

/** What is left of an HTTP request when its body does not matter: the EBS direct operations that are here only read. */
export interface RestRequest {
  readonly method: string;
  /** From the slash on. */
  readonly url: string;
}

/** The operation whose path template fits. */
export function matchOperation(operations: Iterable<Operation>, { method, url }: RestRequest): Operation | undefined {
  const pathname = pathOf(url);
  return [...operations].find(
    ({ route }) => route?.method === method && templatePattern(route.template).test(pathname),
  );
}

/**
 * The labels of the path and the parameters of the query as the typed value that the operation's input schema describes.
 *
 * @throws AwsError ValidationException for a number that is none. Parameters that do not exist are ignored, as AWS does.
 */
export function decodeRest({ input, route }: Operation, { url }: RestRequest): unknown {
  const labels = templatePattern(route?.template ?? '').exec(pathOf(url))?.groups ?? {};
  const query = new URL(url, 'http://localhost').searchParams;
  const members = [...input.structIterator()].flatMap(([name, member]) => {
    const { httpQuery } = member.getMergedTraits();
    const label = labels[name];
    const text = label === undefined ? query.get(httpQuery ?? '') : decodeURIComponent(label);
    return text === null ? [] : [[name, readScalar(member, name, text)] as const];
  });
  return Object.fromEntries(members);
}

function readScalar(schema: NormalizedSchema, name: string, text: string): unknown {
  if (!schema.isNumericSchema()) return text;
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) {
    throw new AwsError(
      'ValidationException',
      `Value '${text}' at '${name}' is not a number`,
      400,
      'INVALID_PARAMETER_VALUE',
    );
  }
  return number;
}

function templatePattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function pathOf(url: string): string {
  return new URL(url, 'http://localhost').pathname;
}
