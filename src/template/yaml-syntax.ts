import type { ErrorCode, YAMLError } from 'yaml';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';

interface Wording {
  /** Undefined: the parser's own words are good. */
  readonly message?: string;
  readonly fix: string;
}

const GENERAL: Wording = {
  fix: 'correct the YAML here; text with ": " or " #" in it, or a special first character, needs quotes.',
};

/** Our words for the parser's commonest complaints. */
const WORDING: Partial<Record<ErrorCode, Wording>> = {
  MULTIPLE_DOCS: {
    message: 'a template is one YAML document, and a second one starts here',
    fix: 'remove the `---` line, or move what follows into a file of its own.',
  },
  TAB_AS_INDENT: { message: 'a tab is used for indentation', fix: 'indent with spaces.' },
  BAD_INDENT: { fix: 'line it up with the keys or list items it belongs to.' },
  MISSING_CHAR: { fix: 'add what is missing: a closing quote or bracket, a comma, or the `:` after a key.' },
  BLOCK_AS_IMPLICIT_KEY: { fix: 'put the value on a line of its own, indented further than its key, or quote it.' },
  TAG_RESOLVE_FAILED: { fix: 'remove the tag: templates know plain YAML only.' },
};

/** The parser reports a bracket that stays open as a matter of indentation. */
const OPEN_BRACKET = /^Flow (?:map|sequence) .* end with an? ([}\]])$/;

/** A complaint of the YAML parser as a diagnostic. */
export function syntaxDiagnostic(source: SourceFile, problem: YAMLError): Diagnostic {
  const wording = openBracket(problem.message) ?? WORDING[problem.code] ?? GENERAL;
  const [start, end] = problem.pos;
  const isPastText = /^\s*$/.test(source.text.slice(start)) || source.text[start] === '\n';
  return {
    code: 'yaml-syntax',
    message: wording.message ?? lowerFirst(problem.message),
    fix: wording.fix,
    // What is missing at a line's or the file's end is shown behind the last text before, not on an empty line.
    span: isPastText
      ? { source, offset: source.text.slice(0, start).trimEnd().length, length: 0 }
      : { source, offset: start, length: source.text.slice(start, end).trimEnd().length },
  };
}

function openBracket(message: string): Wording | undefined {
  const closing = OPEN_BRACKET.exec(message)?.[1];
  if (closing === undefined) return undefined;
  const opening = closing === '}' ? '{' : '[';
  return { message: `the "${opening}" before this is not closed`, fix: `close it with "${closing}".` };
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
