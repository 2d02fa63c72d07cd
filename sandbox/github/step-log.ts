import { parseWorkflowCommand, type WorkflowCommand } from './workflow-command.js';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string | undefined;
  /** Relative to the repository root. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

/** What one step says, line by line, as the runner takes it. */
export interface StepLog {
  /** Takes a line the step printed; returns the line as the log shows it, or undefined when it is not shown. */
  readonly take: (line: string) => string | undefined;
  /** Reports a problem the runner has with the step; `fatal`: the step fails for it. Returns the line as the log shows it. */
  readonly complain: (message: string, fatal: boolean) => string;
  /** The lines shown so far. */
  readonly lines: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Set by the old commands `set-output` and `save-state`, which runners still obey. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  /** The runner fails the step, whatever its exit code. */
  readonly failed: boolean;
}

type CommandName = (typeof COMMANDS)[number];

const COMMANDS = [
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'add-mask',
  'stop-commands',
  'echo',
  'add-matcher',
  'remove-matcher',
  'set-output',
  'save-state',
  'set-env',
  'add-path',
] as const;

/** The runner keeps this many annotations of a level per step (actions/runner, ExecutionContext.cs). */
const ANNOTATIONS_PER_LEVEL = 10;

/** `masks` is shared by the steps of a job: what one step masks stays masked in the next. */
export function makeStepLog(masks: Set<string>): StepLog {
  const known = new Set<string>(COMMANDS);
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  const outputs = new Map<string, string>();
  const state = new Map<string, string>();
  let stopToken: string | undefined;
  let failed = false;

  const show = (line: string): string => {
    const shown = maskSecrets(line, masks);
    lines.push(shown);
    return shown;
  };

  const annotate = (level: Annotation['level'], command: WorkflowCommand): string => {
    if (annotations.filter((annotation) => annotation.level === level).length < ANNOTATIONS_PER_LEVEL) {
      annotations.push(annotationOf(level, command, masks));
    }
    return show(`##[${level}]${command.data}`);
  };

  const complain = (message: string, fatal: boolean): string => {
    failed ||= fatal;
    return annotate('error', { name: 'error', properties: {}, data: message });
  };

  const obey = (name: CommandName, command: WorkflowCommand, line: string): string | undefined => {
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        return annotate(name, command);
      case 'group':
        return show(`##[group]${command.data}`);
      case 'endgroup':
        return show('##[endgroup]');
      case 'add-mask':
        if (command.data.trim() !== '') masks.add(command.data);
        return undefined;
      case 'stop-commands':
        stopToken = command.data.toLowerCase();
        known.add(stopToken);
        return show(line);
      case 'set-output':
        outputs.set(command.properties.name ?? '', command.data);
        return undefined;
      case 'save-state':
        state.set(command.properties.name ?? '', command.data);
        return undefined;
      case 'set-env':
      case 'add-path':
        return complain(`Unable to process command '${line}' successfully. The \`${name}\` command is disabled.`, true);
      case 'debug':
      case 'echo':
      case 'add-matcher':
      case 'remove-matcher':
        return undefined;
    }
  };

  return {
    take: (line) => {
      const command = parseWorkflowCommand(line, known);
      if (!command) return show(line);
      if (stopToken !== undefined) {
        if (command.name === stopToken) {
          known.delete(stopToken);
          stopToken = undefined;
        }
        return show(line);
      }
      const name = COMMANDS.find((candidate) => candidate === command.name);
      return name ? obey(name, command, line) : show(line);
    },
    complain,
    lines,
    annotations,
    outputs,
    state,
    get failed() {
      return failed;
    },
  };
}

/** Replaces every masked value by three stars, the longest first, and each line of one that has several. */
export function maskSecrets(text: string, masks: ReadonlySet<string>): string {
  const values = [...masks].flatMap((mask) => [mask, ...mask.split(/\r?\n/)]).filter((value) => value.trim() !== '');
  return values.sort((a, b) => b.length - a.length).reduce((masked, value) => masked.replaceAll(value, '***'), text);
}

function annotationOf(
  level: Annotation['level'],
  { properties, data }: WorkflowCommand,
  masks: ReadonlySet<string>,
): Annotation {
  const number = (name: string): number | undefined => {
    const value = Number.parseInt(properties[name] ?? '', 10);
    return Number.isNaN(value) ? undefined : value;
  };
  return {
    level,
    message: maskSecrets(data, masks),
    title: properties.title,
    file: properties.file,
    line: number('line'),
    endLine: number('endLine'),
    column: number('col'),
    endColumn: number('endColumn'),
  };
}
