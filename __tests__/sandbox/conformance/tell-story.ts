import { setTimeout as delay } from 'node:timers/promises';
import type { Case } from './cases.js';
import type { Answer, Client } from './client.js';

const POLL_MS = 20;
const TIMEOUT_MS = 120_000;

export interface Told {
  /** `DescribeImages`, or `DescribeImages → DryRunOperation` when it has to be refused. */
  readonly title: string;
  readonly answer: Answer;
}

/** Makes the calls one after the other; what the answers say, and what is given, is what later calls ask for. */
export async function tellStory(
  cases: readonly Case[],
  client: Client,
  given: Readonly<Record<string, unknown>>,
): Promise<readonly Told[]> {
  const answers = new Map(Object.entries(given));
  const told: Told[] = [];
  for (const { name, service, operation, parameters, until, fails, wrong = false } of cases) {
    const filled = fill(parameters, answers) as Case['parameters'];
    const ask = (): Promise<Answer> => client.call({ service, operation, parameters: filled, wrong });
    let answer = await ask();
    const deadline = Date.now() + TIMEOUT_MS;
    while (until !== undefined && !holds(answer, until) && Date.now() < deadline) {
      await delay(POLL_MS);
      answer = await ask();
    }
    if (answer.kind === 'answered') answers.set(name ?? operation, answer.value);
    told.push({ title: fails === undefined ? operation : `${operation} → ${fails}`, answer: withPlaceholders(answer) });
  }
  return told;
}

function holds(answer: Answer, [path, wanted]: readonly [string, unknown]): boolean {
  return answer.kind === 'answered' && valueAt(answer.value, path) === wanted;
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
}

function fill(value: unknown, answers: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') {
    const [, name = '', path = ''] = /^\$\{([^.]+)\.(.+)\}$/.exec(value) ?? [];
    return name === '' ? value : valueAt(answers.get(name), path);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, fill(item, answers)]));
}

/** What differs from one telling to the next. */
const VARIABLE = [
  [/\b(i|ami|snap|r|vol|eni|subnet|sg|vpc|lt|AIPA)-[0-9a-f]{17}\b/g, '<$1>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| GMT)/g, '<time>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b(AKIA)?\d{12}\b/g, '<account>'],
  [/\b10([.-])\d+\1\d+\1\d+\b/g, '<address>'],
  [/^PT[\d.]+S$/, '<duration>'],
] as const;

/** Of members whose every value differs; that they are there, and of what type, is compared. */
const VARIABLE_MEMBERS = new Set(['FullSnapshotSizeInBytes', 'SecretAccessKey', 'SessionToken', 'AccessKeyId']);

function withPlaceholders<Value>(value: Value): Value {
  const replaced = JSON.stringify(value, (key, item: unknown) => {
    if (VARIABLE_MEMBERS.has(key)) return `<${typeof item}>`;
    return typeof item === 'string'
      ? VARIABLE.reduce((text, [pattern, placeholder]) => text.replace(pattern, placeholder), item)
      : item;
  });
  return JSON.parse(replaced) as Value;
}
