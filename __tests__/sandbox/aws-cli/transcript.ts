import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A command of a terminal transcript and what it printed. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** The `console` blocks of a Markdown text: lines with `$ `, the indented lines that go on after a `\`, then the output. */
export function parseTranscript(markdown: string): readonly Exchange[] {
  const exchanges: { command: string; output: string }[] = [];
  for (const [, block = ''] of markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)) {
    let goesOn = false;
    for (const line of block.trimEnd().split('\n')) {
      const current = exchanges.at(-1);
      if (goesOn && current !== undefined) current.command += `\n${line}`;
      else if (line.startsWith('$ ')) exchanges.push({ command: line.slice(2), output: '' });
      else if (current !== undefined) current.output += `${line}\n`;
      goesOn = line.endsWith('\\') && (goesOn || line.startsWith('$ '));
    }
  }
  return exchanges;
}

export interface ReplayOptions {
  readonly commands: readonly string[];
  /** Shell definitions that the transcript takes for granted. */
  readonly prelude: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Types the commands into one bash, so that its variables live on, and returns what each printed on either output. */
export async function replay({ commands, prelude, directory, env, timeoutMs }: ReplayOptions): Promise<Exchange[]> {
  const mark = '\u001e';
  const script = [prelude, 'exec 2>&1', ...commands.map((command) => `printf '${mark}'\n${command}`)].join('\n');
  const options = { cwd: directory, env, timeout: timeoutMs, maxBuffer: 1_048_576 };
  const { stdout } = await promisify(execFile)('bash', ['-c', script], options);
  const outputs = stdout.split(mark).slice(1);
  return commands.map((command, index) => ({ command, output: outputs[index] ?? 'was not reached' }));
}

const VARIABLE = [
  [/\b(?:i|ami|snap|r|vol)-[0-9a-f]{17}\b/g, 'id'],
  [/(?<=127\.0\.0\.1:)\d+/g, 'port'],
  [/\/\S+\/\.sandbox/g, 'directory'],
] as const;

/**
 * Ids, ports and paths as numbered placeholders, in the order in which they appear: two runs of the same story are equal
 * only when the same things meet at the same places.
 */
export function withPlaceholders(exchanges: readonly Exchange[]): readonly Exchange[] {
  const known = new Map<string, string>();
  const placeholder = (kind: string) => (value: string) => {
    const name = known.get(value) ?? `<${kind} ${known.size + 1}>`;
    known.set(value, name);
    return name;
  };
  return exchanges.map(({ command, output }) => ({
    command,
    output: VARIABLE.reduce((text, [pattern, kind]) => text.replace(pattern, placeholder(kind)), output),
  }));
}
