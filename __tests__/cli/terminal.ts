import type { Command } from 'commander';
import { makeOutput } from '../../src/cli/output.js';
import { createProgram } from '../../src/cli/program.js';

export interface Printed {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** `ami-layers …` in a folder, in this process. */
export function typeIn(directory: string, ...words: readonly string[]): Promise<Printed> {
  return typeAt({ isTTY: false }, directory, words);
}

/** The same where standard output is a terminal, or none. */
export async function typeAt(
  { isTTY }: { readonly isTTY: boolean },
  directory: string,
  words: readonly string[],
): Promise<Printed> {
  const printed = { out: '', err: '' };
  let status = -1;
  const program = createProgram(
    {
      ...makeOutput(
        { isTTY, write: (text) => (printed.out += text) },
        { isTTY, write: (text) => (printed.err += text) },
      ),
      env: process.env,
      setEnv: () => undefined,
      directory,
      signal: new AbortController().signal,
      version: '0.0.0',
    },
    (ended) => {
      status = ended;
    },
  );
  for (const command of withSubcommands(program)) command.exitOverride();
  await program.parseAsync(['node', 'ami-layers', ...words]);
  return { status, out: printed.out.replace(/\n$/, ''), err: printed.err.replace(/\n$/, '') };
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
