import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';

export interface Printed {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** `ami-layers …` in a folder, in this process. */
export async function typeIn(directory: string, ...words: readonly string[]): Promise<Printed> {
  const lines: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] };
  let status = -1;
  const program = createProgram(
    {
      out: (line) => lines.out.push(line),
      err: (line) => lines.err.push(line),
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
  return { status, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
