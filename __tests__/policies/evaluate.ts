/** What IAM decides about one action on one resource: an evaluator of exactly what the policies in iam/ use. */

export type Values = string | readonly string[];
export type Conditions = Readonly<Record<string, Readonly<Record<string, Values>>>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: Values;
  readonly NotAction?: Values;
  readonly Resource?: Values;
  readonly Condition?: Conditions;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** What AWS asks of the policies of a role: one of the questions that a request is made of. */
export interface Question {
  /** `ec2:RunInstances` */
  readonly action: string;
  /** An ARN, or `*` where the action has no resources. */
  readonly resource: string;
  /** Condition keys and what the request has for them; a key that the request has not is not there. */
  readonly context: Readonly<Record<string, Values>>;
}

export type Decision = 'allowed' | 'denied' | 'not allowed';

const STATEMENT_KEYS = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'Condition']);

/** An explicit deny wins over every allow, and what nothing allows is not allowed. */
export function decide(policies: readonly Policy[], question: Question): Decision {
  const applying = policies.flatMap(({ Statement }) => Statement).filter((statement) => applies(statement, question));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return applying.length > 0 ? 'allowed' : 'not allowed';
}

/** The statements that apply to a question. */
export function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const unknown = Object.keys(statement).filter((key) => !STATEMENT_KEYS.has(key));
  if (unknown.length > 0) throw new Error(`the evaluator knows no ${unknown.join()} in a statement`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw new Error(`no effect: ${statement.Effect}`);
  const { Action, NotAction, Resource = '*', Condition = {} } = statement;
  if ((Action === undefined) === (NotAction === undefined)) throw new Error('either Action or NotAction');
  // Names of actions are the same in capitals and small letters; ARNs are not.
  const isNamed = listOf(Action ?? NotAction).some((one) => isLike(action.toLowerCase(), one.toLowerCase()));
  return (
    isNamed === (Action !== undefined) &&
    listOf(Resource).some((one) => isLike(resource, one)) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, wanted]) => holds(operator, valuesOf(context, key), listOf(wanted))),
    )
  );
}

type Comparison = (value: string, wanted: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: isLike,
};

/** One operator on one key. All operators of a condition and all keys of an operator must hold, any value of a key will do. */
export function holds(operator: string, values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') {
    if (wanted.some((one) => one !== 'true' && one !== 'false')) throw new Error('Null is true or false');
    return wanted.includes(String(values === undefined));
  }
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const compare = COMPARISONS[name];
  if (compare === undefined) throw new Error(`the evaluator knows no ${operator}`);
  if (wanted.some((one) => one.includes('${'))) throw new Error('the evaluator knows no policy variables');
  const matches = (value: string): boolean => wanted.some((one) => compare(value, one));
  // A key that is not there: nothing of all values is wrong, and none of any is right.
  if (values === undefined) return set === 'ForAllValues' || ifExists !== undefined;
  if (set === 'ForAllValues') return values.every(matches);
  if (set === 'ForAnyValue') return values.some(matches);
  if (values.length !== 1) throw new Error(`${operator} is for keys with one value`);
  return values.some(matches);
}

/** Keys of conditions are the same in capitals and small letters, those of tags in them too. */
function valuesOf(context: Question['context'], key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([one]) => one.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : listOf(found[1]);
}

/** `*` stands for any characters, `?` for one. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

export function listOf(values: Values = []): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}
