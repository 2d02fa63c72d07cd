/** A text file as it was read: the one thing a span points into. */
export interface SourceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A range of a source file, in UTF-16 code units from its start. Line and column are computed when somebody looks. */
export interface Span {
  readonly source: SourceFile;
  readonly offset: number;
  readonly length: number;
}

/** A problem in what the user wrote. All of an input's diagnostics are gathered before anything stops. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** What is wrong, with the wrong value in it. Lower case, no full stop. */
  readonly message: string;
  /** What to change, as an instruction: `rename it to "software"`. */
  readonly fix: string;
  /** Where; undefined only when the problem is not in a file (a command line flag, an action input). */
  readonly span?: Span;
  /** Other places that belong to the problem: each edge of a cycle, the first of two equal names. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** Every kind of diagnostic with its one-line title. Adding a kind means adding it here. */
export const DIAGNOSTIC_TITLES = {
  'yaml-syntax': 'the file is not valid YAML',
  'duplicate-key': 'a key that is there twice',
  'too-many-aliases': 'more YAML aliases than any template needs',
  'too-deep': 'values inside values, deeper than any template needs',
  'too-many-problems': 'more problems than anybody reads at once',
  'not-text': 'a file that is not UTF-8 text',
  'too-large': 'a file that is too large for a template',
  'empty-template': 'a template that says nothing',
  'not-a-template': 'a YAML file that was never meant as a template',
  'unknown-key': 'a key that the template language does not have',
  'wrong-type': 'a value of the wrong type',
  'bad-value': 'a value that is not allowed',
  'missing-key': 'a key that is required',
  'base-and-extends': 'a layer that stands on two things',
  'run-and-script': 'a step that is given in two ways',
  'empty-step': 'a step or script that does nothing',
  'too-many-tags': 'more tags than an image can have',
  'windows-line-ends': 'a script with the line ends of Windows',
  'missing-file': 'a file that does not exist',
  'outside-repository': 'a path that leaves the repository',
  'duplicate-name': 'two templates with the same layer name',
  'unknown-parent': 'extends names a layer or file that does not exist',
  'extends-cycle': 'templates that extend each other in a circle',
  'extends-depth': 'a chain of templates that is too deep',
  'parent-conflict': 'a template that disagrees with its parent',
  'unknown-layer': 'a layer was asked for that does not exist',
  'bad-input': 'an input or flag with a value that is not allowed',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_TITLES;

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/** Where a span starts. */
export function positionOf(span: Span): Position {
  const { text } = span.source;
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < span.offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: span.offset - start + 1 };
}

/** `templates/gromacs.yaml:4:3` */
export function locationOf(span: Span): string {
  const { line, column } = positionOf(span);
  return `${span.source.path}:${line}:${column}`;
}

/** Thrown at the edge of a command when its input has problems; carries all of them. */
export class InvalidInput extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('; '));
    this.name = 'InvalidInput';
    this.diagnostics = diagnostics;
  }
}
