import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.js';

/** The two flavours of AWS's query protocol. They differ in how lists and member names are spelled. */
export type QueryDialect = 'ec2' | 'query';

type Branch = Map<string, Branch | string>;

/**
 * Form parameters of a query-protocol request as the typed value that the operation's input schema describes.
 *
 * @throws AwsError UnknownParameter, InvalidParameterValue, for what the schema does not know.
 */
export function decodeQuery(schema: NormalizedSchema, parameters: URLSearchParams, dialect: QueryDialect): unknown {
  const root: Branch = new Map();
  for (const [path, value] of parameters) {
    if (path !== 'Action' && path !== 'Version') plant(root, path, value);
  }
  return decode(schema, root, '', dialect);
}

function plant(root: Branch, path: string, value: string): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let branch = root;
  for (const key of keys) {
    let next = branch.get(key);
    if (next === undefined) {
      next = new Map();
      branch.set(key, next);
    }
    if (typeof next === 'string') throw unknownParameter(path);
    branch = next;
  }
  if (branch.has(last)) throw unknownParameter(path);
  branch.set(last, value);
}

function decode(schema: NormalizedSchema, node: Branch | string, path: string, dialect: QueryDialect): unknown {
  if (schema.isStructSchema()) return decodeStruct(schema, branchAt(node, path), path, dialect);
  if (schema.isListSchema()) return decodeList(schema, branchAt(node, path), path, dialect);
  if (schema.isUnitSchema()) return {};
  if (typeof node !== 'string') throw unknownParameter(path);
  return decodeScalar(schema, node, path);
}

function decodeStruct(schema: NormalizedSchema, branch: Branch, path: string, dialect: QueryDialect): unknown {
  const known = new Map<string, [string, NormalizedSchema]>();
  for (const [name, member] of schema.structIterator()) known.set(wireName(name, member, dialect), [name, member]);
  const value: Record<string, unknown> = {};
  for (const [key, node] of branch) {
    const member = known.get(key);
    if (member === undefined) throw unknownParameter(path + key);
    value[member[0]] = decode(member[1], node, `${path}${key}.`, dialect);
  }
  return value;
}

/** Indexes start at 1 and may have gaps; AWS takes the items in order of index. */
function decodeList(schema: NormalizedSchema, branch: Branch, path: string, dialect: QueryDialect): unknown[] {
  const member = schema.getValueSchema();
  const items = dialect === 'ec2' ? branch : branchAt(branch.get('member') ?? new Map(), path);
  const indexed = [...items].map(([key, node]) => {
    if (!/^[1-9]\d{0,5}$/.test(key)) throw unknownParameter(path + key);
    return { index: Number(key), item: decode(member, node, `${path}${key}.`, dialect) };
  });
  return indexed.sort((a, b) => a.index - b.index).map(({ item }) => item);
}

function decodeScalar(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    const lower = text.toLowerCase();
    if (lower !== 'true' && lower !== 'false') throw invalidValue(text, path, 'boolean');
    return lower === 'true';
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (!/^-?\d+(\.\d+)?$/.test(text) || !Number.isFinite(number)) throw invalidValue(text, path, 'integer');
    return number;
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw invalidValue(text, path, 'date');
    return date;
  }
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

/** The same choice as the SDK's own QueryShapeSerializer makes when it writes the request. */
function wireName(name: string, member: NormalizedSchema, dialect: QueryDialect): string {
  const { ec2QueryName, xmlName } = member.getMergedTraits();
  if (dialect === 'query') return xmlName ?? name;
  const key = xmlName ?? name;
  return typeof ec2QueryName === 'string' ? ec2QueryName : key.charAt(0).toUpperCase() + key.slice(1);
}

function branchAt(node: Branch | string, path: string): Branch {
  if (typeof node === 'string') {
    if (node === '') return new Map();
    throw unknownParameter(path);
  }
  return node;
}

function unknownParameter(path: string): AwsError {
  return new AwsError('UnknownParameter', `The parameter ${path.replace(/\.$/, '')} is not recognized`);
}

function invalidValue(text: string, path: string, kind: string): AwsError {
  const name = path.replace(/\.$/, '');
  return new AwsError('InvalidParameterValue', `Invalid value '${text}' for ${name}. It must be a valid ${kind}.`);
}
