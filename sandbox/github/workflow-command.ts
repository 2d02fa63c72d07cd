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
  /** Of all properties together. */
  readonly trim: (text: string) => string;
}

/** What .NET takes for white space (Char.IsWhiteSpace): unlike JavaScript's, with U+0085 and without U+FEFF. */
const SPACE = String.raw`[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;

const NOTATIONS: readonly Notation[] = [
  // `::error file=a.yaml,line=3::text`, at the start of a line but for white space.
  {
    pattern: new RegExp(`^${SPACE}*::(.*?)::(.*)$`, 's'),
    separator: ',',
    property: unescapeProperty,
    data: unescapeData,
    trim: (text) => text.replace(new RegExp(`^${SPACE}+|${SPACE}+$`, 'g'), ''),
  },
  // `##[error file=a.yaml;line=3]text`, anywhere in a line; of several only the first is looked at.
  {
    pattern: /##\[(.*?)\](.*)$/s,
    separator: ';',
    property: unescapeLegacy,
    data: unescapeLegacy,
    trim: (text) => text,
  },
];

/**
 * The command in a line of output, or undefined when the line has none of `known` (lower case) in it. The runner compares
 * as its culture does, which overlooks characters of no width but then reads the name at a fixed distance: it obeys no line
 * that this does not. Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
export function parseWorkflowCommand(line: string, known: ReadonlySet<string>): WorkflowCommand | undefined {
  for (const notation of NOTATIONS) {
    const [, head, data] = notation.pattern.exec(line) ?? [];
    if (head === undefined || data === undefined) continue;
    const space = head.indexOf(' ');
    const name = (space < 0 ? head : head.slice(0, space)).toLowerCase();
    if (!known.has(name)) continue;
    const properties = space < 0 ? {} : parseProperties(notation.trim(head.slice(space + 1)), notation);
    return { name, properties, data: notation.data(data) };
  }
  return undefined;
}

/** As `Split('=', 2, RemoveEmptyEntries)` has it: equals signs before and behind a name are nothing. */
function parseProperties(text: string, { separator, property }: Notation): Record<string, string> {
  const pairs = text.split(separator).flatMap((pair): [string, string][] => {
    const [, name, value] = /^=*([^=]+)=+([^=].*)$/s.exec(pair) ?? [];
    return name !== undefined && value !== undefined ? [[name, property(value)]] : [];
  });
  return Object.fromEntries(pairs);
}
