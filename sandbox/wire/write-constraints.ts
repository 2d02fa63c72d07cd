import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Constraint } from './constraint.js';
import { operationNames } from './services.js';

/**
 * Writes constraints.ts: what botocore's service models say about the parameters of the operations that are here. Run it
 * again for new operations, with the path of an installed botocore's `data` folder:
 *
 *     pip install botocore && node build/sandbox/wire/write-constraints.js <data folder> > constraints.ts
 *     mv constraints.ts sandbox/wire/ && npx prettier --write sandbox/wire/constraints.ts
 */
interface Model {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

const MODELS = {
  ec2: 'ec2/2016-11-15',
  ssm: 'ssm/2014-11-06',
  sts: 'sts/2011-06-15',
  ebs: 'ebs/2019-11-02',
  pricing: 'pricing/2017-10-15',
} as const;

/** Longer lists of values (instance types, resource types) change every week; the operations check those themselves. */
const MOST_VALUES = 60;
/** Deeper down are only parts of requests that nothing here looks at. */
const DEEPEST = 4;

const [folder = ''] = process.argv.slice(2);
process.stdout.write(`import type { Constraint } from './constraint.js';

/**
 * What AWS demands of parameters, by service and operation. Written by write-constraints.ts from the service models of
 * botocore (https://github.com/boto/botocore), Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0.
 */
export const CONSTRAINTS: Readonly<Record<string, Readonly<Record<string, readonly Constraint[]>>>> =
${JSON.stringify(allConstraints())};
`);

function allConstraints(): object {
  const services = Object.entries(MODELS).map(([service, directory]) => {
    const file = path.join(folder, directory, 'service-2.json.gz');
    const model = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Model;
    const operations = operationNames(service as keyof typeof MODELS).map((name) => {
      const input = model.operations[name]?.input?.shape;
      return [name, input === undefined ? [] : constraintsOf(model, input, [])] as const;
    });
    return [service, Object.fromEntries(operations.filter(([, constraints]) => constraints.length > 0))] as const;
  });
  return Object.fromEntries(services);
}

function constraintsOf(model: Model, name: string, at: readonly string[]): readonly Constraint[] {
  const shape = model.shapes[name];
  if (shape === undefined || at.length > DEEPEST) return [];
  if (shape.type === 'list') {
    const member = shape.member?.shape ?? '';
    return [...own(model.shapes[member], [...at, '*']), ...constraintsOf(model, member, [...at, '*'])];
  }
  if (shape.type !== 'structure') return [];
  return Object.entries(shape.members ?? {}).flatMap(([key, { shape: member }]) => {
    const here = [...at, key];
    const isRequired = shape.required?.includes(key) ?? false;
    return [...own(model.shapes[member], here, isRequired), ...constraintsOf(model, member, here)];
  });
}

function own(shape: Shape | undefined, at: readonly string[], isRequired = false): readonly Constraint[] {
  if (shape === undefined) return [];
  const { min, max, pattern, enum: values } = shape;
  const constraint = {
    ...(isRequired && { required: true as const }),
    ...(min !== undefined && min > 0 && { min }),
    ...(max !== undefined && max > 0 && { max }),
    ...(pattern !== undefined && isUsable(pattern) && { pattern }),
    ...(values !== undefined && values.length <= MOST_VALUES && { values }),
  };
  return Object.keys(constraint).length === 0 ? [] : [{ path: at.join('.'), ...constraint }];
}

/** The models are written for Java, whose regular expressions are nearly, not quite, those of JavaScript. */
function isUsable(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}
