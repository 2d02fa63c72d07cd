import type {
  DeleteParameterRequest,
  DeleteParameterResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { findImage } from '../ec2/image-lookup.js';
import type { ParameterRecord, ParameterVersion } from '../state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Caller } from '../wire/operation.js';
import { pageOf } from '../wire/paging.js';
import type { World } from '../world.js';
import { findParameter, parameterKey, parseReference, versionOf } from './find-parameter.js';
import { publicParameters } from './public-parameters.js';

const MOST_NAMES = 10;
const NAME = /^[a-zA-Z0-9_.\-/]{1,2048}$/;
const STANDARD_VALUE_BYTES = 4096;
/** Parameter Store retains the 100 newest versions (`SDK` ParameterMaxVersionLimitExceeded). */
const MOST_EARLIER_VERSIONS = 99;

export function getParameter(world: World, request: GetParameterRequest, caller: Caller): GetParameterResult {
  const { Name = '' } = request;
  const { name, version } = parseReference(Name);
  const newest = findParameter(world, caller, name);
  if (newest === undefined) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
  const found = versionOf(newest, version);
  if (found === undefined) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
    );
  }
  return { Parameter: describe(found, { ...request, version }) };
}

export function getParameters(world: World, request: GetParametersRequest, caller: Caller): GetParametersResult {
  const names = request.Names ?? [];
  if (names.length === 0 || names.length > MOST_NAMES) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${MOST_NAMES}`,
    );
  }
  const looked = names.map((asked) => {
    const { name, version } = parseReference(asked);
    const newest = findParameter(world, caller, name);
    return { name: asked, version, found: newest && versionOf(newest, version) };
  });
  return {
    Parameters: looked.flatMap(({ found, version }) =>
      found === undefined ? [] : [describe(found, { ...request, version })],
    ),
    InvalidParameters: looked.filter(({ found }) => found === undefined).map(({ name }) => name),
  };
}

export function getParametersByPath(
  world: World,
  request: GetParametersByPathRequest,
  caller: Caller,
): GetParametersByPathResult {
  const path = `${(request.Path ?? '').replace(/\/$/, '')}/`;
  const own = Object.values(world.state.parameters).filter(
    ({ owner, region }) => owner === caller.account && region === caller.region,
  );
  const below = [...own, ...publicParameters(world.base, caller.region)].filter(({ name }) => {
    if (!name.startsWith(path)) return false;
    return request.Recursive === true || !name.slice(path.length).includes('/');
  });
  const limits = { least: 1, most: 10, usual: 10, badToken: 'InvalidNextToken' };
  const page = pageOf(below, request, ({ name }) => name, limits);
  return {
    Parameters: page.items.map((parameter) => describe(parameter, request)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

/** A parameter of data type `aws:ec2:image` must hold the id of an image that the caller can see. */
export function putParameter(world: World, request: PutParameterRequest, caller: Caller): PutParameterResult {
  const { Name: name = '', Value: value = '', Overwrite = false, DataType: dataType = 'text' } = request;
  if (!NAME.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError(
      'ValidationException',
      `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`,
    );
  }
  if (Buffer.byteLength(value) > STANDARD_VALUE_BYTES) {
    throw new AwsError(
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters.',
    );
  }
  if (dataType === 'aws:ec2:image' && findImage(world, caller, value) === undefined) {
    throw new AwsError('ValidationException', `The value ${value} is not a valid AMI ID in this Region.`);
  }
  const key = parameterKey(caller, name);
  const before = world.state.parameters[key];
  if (before !== undefined && !Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = request.Type ?? before?.type;
  if (type === undefined)
    throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  const version = (before?.version ?? 0) + 1;
  world.state.parameters[key] = {
    owner: caller.account,
    region: caller.region,
    name,
    type,
    value,
    dataType,
    version,
    modifiedAt: world.now(),
    earlier: before === undefined ? [] : [...before.earlier, versionNow(before)].slice(-MOST_EARLIER_VERSIONS),
  };
  world.changed('parameters', key);
  return { Version: version, Tier: 'Standard' };
}

function versionNow({ version, value, modifiedAt }: ParameterRecord): ParameterVersion {
  return { version, value, modifiedAt };
}

export function deleteParameter(world: World, request: DeleteParameterRequest, caller: Caller): DeleteParameterResult {
  const key = parameterKey(caller, request.Name ?? '');
  if (world.state.parameters[key] === undefined) {
    throw new AwsError('ParameterNotFound', `Parameter ${request.Name} not found.`);
  }
  delete world.state.parameters[key];
  world.changed('parameters', key);
  return {};
}

interface Shown {
  readonly WithDecryption?: boolean | undefined;
  /** The one that was asked for by its number. */
  readonly version?: number | undefined;
}

function describe(parameter: ParameterRecord, { WithDecryption = false, version: asked }: Shown): Parameter {
  const { owner, region, name, type, value, version, modifiedAt, dataType } = parameter;
  const isHidden = type === 'SecureString' && !WithDecryption;
  const isPublic = name.startsWith('/aws/');
  return {
    Name: name,
    Type: type,
    Value: isHidden ? Buffer.from(`sealed:${value}`).toString('base64') : value,
    Version: version,
    ...(asked !== undefined && { Selector: `:${asked}` }),
    LastModifiedDate: new Date(modifiedAt),
    ARN: `arn:aws:ssm:${region}:${isPublic ? '' : owner}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: dataType,
  };
}
