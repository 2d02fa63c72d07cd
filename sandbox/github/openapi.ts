import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, unknown>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, object>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
}

interface Reference {
  readonly $ref: string;
}

/** GitHub's own description of its REST API, as far as it is answered here. Made by scripts/extract-openapi.js. */
const described = createRequire(import.meta.url)('./openapi.json') as Described;

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
formats.default(ajv);
ajv.addSchema(described, 'github', undefined, false);

/** One request and its answer. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly requestBody: string;
  readonly status: number;
  readonly answer: unknown;
}

/** An example that GitHub's description has, a new copy each time. */
export function exampleOf<Shape>(name: string): Shape {
  const found = described.components.examples[name];
  if (found === undefined) throw new Error(`openapi.json has no example ${name}; see scripts/extract-openapi.js`);
  return structuredClone(found.value) as Shape;
}

/** Where an exchange differs from GitHub's description, one line each; none where all is as described. */
export function checkExchange({ method, url, requestBody, status, answer }: Exchange): readonly string[] {
  const found = findOperation(method, url.pathname);
  // What GitHub does not know at all is a 404 here as there.
  if (found === undefined)
    return status === 404 || status === 401 ? [] : [`${method} ${url.pathname} is not described`];
  const { operation, pointer } = found;
  const problems = [
    ...(status < 400 ? [...checkQuery(operation, url), ...checkRequest(operation, pointer, requestBody)] : []),
    ...checkAnswer(operation, { pointer, status, answer }),
  ];
  return problems.map((problem) => `${method} ${url.pathname}${url.search} ${status}: ${problem}`);
}

interface Found {
  readonly operation: Operation;
  /** Of the operation in the description. */
  readonly pointer: string;
}

function findOperation(method: string, pathname: string): Found | undefined {
  for (const [path, operations] of Object.entries(described.paths)) {
    const pattern = path.replace(/\{(owner|repo)\}/g, '[^/]+').replace(/\{\w+_?(?:number|id)\}/g, '\\d+');
    if (!new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname)) continue;
    const operation = operations[method.toLowerCase()];
    if (operation !== undefined) return { operation, pointer: pointerOf('paths', path, method.toLowerCase()) };
  }
  return undefined;
}

function checkQuery({ parameters = [] }: Operation, url: URL): readonly string[] {
  const known = parameters
    .map((parameter) => ('$ref' in parameter ? parameterAt(parameter.$ref) : parameter))
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => name);
  return [...url.searchParams.keys()].filter((name) => !known.includes(name)).map((name) => `no parameter "${name}"`);
}

function checkRequest({ requestBody }: Operation, pointer: string, text: string): readonly string[] {
  if (requestBody === undefined) return text === '' ? [] : ['the request has a body'];
  return validate(`${pointer}${pointerOf('requestBody', 'content', 'application/json', 'schema')}`, JSON.parse(text));
}

function checkAnswer({ responses }: Operation, { pointer, status, answer }: Answered): readonly string[] {
  const response = responses[String(status)];
  // Every operation refuses in this way; the description names it only for some.
  if (response === undefined) {
    return status >= 400 ? validate('/components/schemas/basic-error', answer) : ['no answer has this status'];
  }
  if (status === 204) return answer === undefined ? [] : ['the answer has a body'];
  const at =
    '$ref' in response ? String(response.$ref).slice(1) : `${pointer}${pointerOf('responses', String(status))}`;
  return validate(`${at}${pointerOf('content', 'application/json', 'schema')}`, answer);
}

interface Answered {
  readonly pointer: string;
  readonly status: number;
  readonly answer: unknown;
}

const compiled = new Map<string, ValidateFunction>();

function validate(pointer: string, value: unknown): readonly string[] {
  const check = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` });
  compiled.set(pointer, check);
  // As it is on the wire: what is undefined is not there.
  if (check(JSON.parse(JSON.stringify(value)))) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`.trim());
}

function parameterAt(reference: string): Parameter {
  const found = described.components.parameters[reference.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`openapi.json has no ${reference}`);
  return found;
}

function pointerOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
}
