import type { Command } from 'commander';
import { runExplain } from './run-explain.js';
import { runShow } from './run-show.js';
import { addExplainFlags, addShowFlags, type ExplainFlags, type ShowFlags } from './template-flags.js';
import type { Terminal } from './terminal.js';

type Run = <Flags>(action: (flags: Flags, terminal: Terminal) => Promise<number>) => (flags: Flags) => Promise<void>;

/** Commands about templates: they read the repository, and ask nothing of AWS unless they say so. */
export function addTemplateCommands(program: Command, run: Run): void {
  addShowFlags(
    program.command('show').description('a layer’s template and its ancestors’ as one, with the place of every value'),
  )
    .addHelpText(
      'after',
      examples('show gromacs', 'show gromacs --resolved', 'show templates/hpc/gromacs.yaml --script'),
    )
    .action(about<ShowFlags>(run, runShow));
  addExplainFlags(
    program.command('explain').description('what the hash of a layer is made from, and why it is not what it was'),
  )
    .addHelpText(
      'after',
      examples('explain gromacs', 'explain gromacs --against main', 'explain gromacs --image ami-0123456789abcdef0'),
    )
    .action(about<ExplainFlags>(run, runExplain));
}

/** An action with one argument in front of its flags. */
function about<Flags>(run: Run, action: (subject: string, flags: Flags, terminal: Terminal) => Promise<number>) {
  return (subject: string, flags: Flags): Promise<void> =>
    run<Flags>((given, terminal) => action(subject, given, terminal))(flags);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ami-layers ${line}\n`).join('')}`;
}
