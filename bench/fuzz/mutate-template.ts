import { oneOf, type Random } from './random.js';

type Mutation = (text: string, random: Random) => string;

/** What has broken parsers before, and what means something to YAML, a shell, a path or a regular expression. */
const HOSTILE = [
  ...['', ' ', '\n', '\t', '\r\n', '\0', '\ufeff', '\u2028', '\ud800', '\u001b[31m', '😀', 'é'],
  ...[': ', ' #', '- ', '? ', '| ', '>-', '&a ', '*a', '!!binary ', '!<x> ', '<<: *a', '%YAML 1.1', '---', '...'],
  ...['{', '}', '[', ']', '"', "'", '`', '$(id)', '; id', '../', '/', '/../..', '~', '**/*', '[', '{a,b}', '!(x)'],
  ...['null', 'true', 'no', '0', '-1', '1e999', '0x1F', '.nan', '1_000', '12345678901234567890', '2024-01-01'],
  ...['__proto__', 'constructor', 'toString', 'ami-0123456789abcdef0', 'x'.repeat(300), 'a/'.repeat(200)],
] as readonly string[] as readonly [string, ...string[]];

const KEYS = [
  ...['name', 'version', 'extends', 'base', 'architectures', 'gpu', 'env', 'software', 'packages', 'provision', 'run'],
  ...['script', 'inputs', 'validate', 'checks', 'builder', 'regions', 'tags', 'cluster', 'files', 'users', 'secrets'],
] as readonly string[] as readonly [string, ...string[]];

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  insert,
  removeRange,
  repeatRange,
  flipCharacter,
  (text, random) => onLine(text, random, () => ''),
  (text, random) => onLine(text, random, (line) => `${line}\n${line}`),
  (text, random) => onLine(text, random, (line) => ' '.repeat(random(7)) + line.trimStart()),
  (text, random) => onLine(text, random, (line) => line.replace(/:.*/, `: ${oneOf(HOSTILE, random)}`)),
  (text, random) => onLine(text, random, (line) => line.replace(/^(\s*(?:- )?)[\w-]+:/, `$1${oneOf(KEYS, random)}:`)),
  (text, random) => onLine(text, random, (line) => `${line}\n${oneOf(KEYS, random)}: ${oneOf(HOSTILE, random)}`),
  (text, random) => onLine(text, random, (line) => line.replace(/:\s*/, `: ${'['.repeat(random(80))}`)),
];

/** A template with one to four things done to it. */
export function mutateTemplate(text: string, random: Random): string {
  let mutated = text;
  for (let left = 1 + random(4); left > 0; left -= 1) mutated = oneOf(MUTATIONS, random)(mutated, random);
  return mutated;
}

function insert(text: string, random: Random): string {
  const at = random(text.length + 1);
  return text.slice(0, at) + oneOf(HOSTILE, random) + text.slice(at);
}

function removeRange(text: string, random: Random): string {
  const at = random(text.length + 1);
  return text.slice(0, at) + text.slice(at + 1 + random(20));
}

function repeatRange(text: string, random: Random): string {
  const at = random(text.length + 1);
  const range = text.slice(at, at + 1 + random(30));
  return text.slice(0, at) + range.repeat(2 + random(20)) + text.slice(at);
}

function flipCharacter(text: string, random: Random): string {
  const at = random(text.length + 1);
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << random(7))) + text.slice(at + 1);
}

function onLine(text: string, random: Random, change: (line: string) => string): string {
  const lines = text.split('\n');
  const at = random(lines.length);
  return [...lines.slice(0, at), change(lines[at] ?? ''), ...lines.slice(at + 1)].join('\n');
}
