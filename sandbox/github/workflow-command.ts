/** A command that an action gives the runner by printing it. */
export interface WorkflowCommand {
  /** Lower case. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

type Unescape = (text: string) => string;

// `%25` comes last, as in the runner: `%250A` is a percent sign and `0A`, not a line break.
const unescapeWith =
  (table: readonly (readonly [escaped: string, plain: string])[]): Unescape =>
  (text) =>
    table.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);

const LINE_ENDS = [
  ['%0D', '\r'],
  ['%0A', '\n'],
] as const;
const PERCENT = ['%25', '%'] as const;

const unescapeData = unescapeWith([...LINE_ENDS, PERCENT]);
const unescapeProperty = unescapeWith([...LINE_ENDS, ['%3A', ':'], ['%2C', ','], PERCENT]);
const unescapeLegacy = unescapeWith([['%3B', ';'], ...LINE_ENDS, ['%5D', ']'], PERCENT]);

interface Notation {
  readonly pattern: RegExp;
  readonly separator: string;
  readonly property: Unescape;
  readonly data: Unescape;
}

const NOTATIONS: readonly Notation[] = [
  // `::error file=a.yaml,line=3::text`, at the start of a line but for white space.
  { pattern: /^\s*::(.*?)::(.*)$/s, separator: ',', property: unescapeProperty, data: unescapeData },
  // `##[error file=a.yaml;line=3]text`, anywhere in a line.
  { pattern: /##\[(.*?)\](.*)$/s, separator: ';', property: unescapeLegacy, data: unescapeLegacy },
];

/**
 * The command in a line of output, or undefined when the line has none of `known` (lower case) in it.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
export function parseWorkflowCommand(line: string, known: ReadonlySet<string>): WorkflowCommand | undefined {
  for (const notation of NOTATIONS) {
    const [, head, data] = notation.pattern.exec(line) ?? [];
    if (head === undefined || data === undefined) continue;
    const space = head.indexOf(' ');
    const name = (space < 0 ? head : head.slice(0, space)).toLowerCase();
    if (!known.has(name)) continue;
    const properties = space < 0 ? {} : parseProperties(head.slice(space + 1), notation);
    return { name, properties, data: notation.data(data) };
  }
  return undefined;
}

function parseProperties(text: string, { separator, property }: Notation): Record<string, string> {
  const pairs = text.split(separator).flatMap((pair): [string, string][] => {
    const [, name, value] = /^\s*([^=]+)=(.+)$/s.exec(pair) ?? [];
    return name !== undefined && value !== undefined ? [[name, property(value)]] : [];
  });
  return Object.fromEntries(pairs);
}
