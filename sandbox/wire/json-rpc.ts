import { JsonShapeSerializer2 } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.js';

/**
 * The body of an AWS JSON 1.1 request as the typed value that the operation's input schema describes.
 *
 * @throws AwsError SerializationException for a wrong type, ValidationException for a member that does not exist.
 * AWS ignores unknown members in this protocol; here they are refused, because a client that sends one has a mistake.
 */
export function decodeJson(schema: NormalizedSchema, body: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  return decode(schema, value, '');
}

function decode(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) {
    const members = new Map(schema.structIterator());
    return mapRecord(value, path, (key, item) => {
      const member = members.get(key);
      if (member === undefined) throw new AwsError('ValidationException', `Unknown parameter ${path}${key}`);
      return decode(member, item, `${path}${key}.`);
    });
  }
  if (schema.isMapSchema()) {
    return mapRecord(value, path, (key, item) => decode(schema.getValueSchema(), item, `${path}${key}.`));
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrongType(path, 'a list');
    return value.map((item: unknown, index) => decode(schema.getValueSchema(), item, `${path}${index}.`));
  }
  if (schema.isBooleanSchema() && typeof value !== 'boolean') throw wrongType(path, 'a boolean');
  if (schema.isNumericSchema() && typeof value !== 'number') throw wrongType(path, 'a number');
  if (schema.isStringSchema() && typeof value !== 'string') throw wrongType(path, 'a string');
  if (schema.isTimestampSchema()) {
    if (typeof value !== 'number') throw wrongType(path, 'a timestamp');
    return new Date(value * 1000);
  }
  return value;
}

/** AWS treats a null member as absent. */
function mapRecord(value: unknown, path: string, decodeItem: (key: string, item: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(path, 'a structure');
  const present = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, decodeItem(key, item)]));
}

function wrongType(path: string, wanted: string): AwsError {
  const name = path.replace(/\.$/, '') || 'The request';
  return new AwsError('SerializationException', `${name} must be ${wanted}`);
}

export function encodeJson(schema: NormalizedSchema, value: unknown): string {
  if (schema.isUnitSchema()) return '{}';
  const epochSeconds = 7 as const;
  const serializer = new JsonShapeSerializer2({
    jsonName: false,
    timestampFormat: { useTrait: true, default: epochSeconds },
  });
  serializer.write(schema, value ?? {});
  return new TextDecoder().decode(serializer.flush());
}

export function encodeJsonError(error: AwsError): string {
  const { code, message, reason } = error;
  return JSON.stringify({ __type: code, message, Message: message, ...(reason !== undefined && { Reason: reason }) });
}
