import type { Command } from 'commander';
import { runExplain } from './run-explain.js';
import { runExport } from './run-export.js';
import { runInit } from './run-init.js';
import { runFormat } from './run-format.js';
import { runSchema } from './run-schema.js';
import { runShow } from './run-show.js';
import {
  addExplainFlags,
  addExportFlags,
  addFormatFlags,
  addShowFlags,
  type ExplainFlags,
  type ExportFlags,
  type FormatFlags,
  type ShowFlags,
} from './template-flags.js';
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
  addExportFlags(
    program
      .command('export')
      .description('a layer and all it stands on without images: as user data of an instance, or as a Packer template'),
  )
    .addHelpText(
      'after',
      examples('export web --format user-data > user-data.sh', 'export web --format packer --output web.pkr.hcl'),
    )
    .action(about<ExportFlags>(run, runExport));
  addFormatFlags(program.command('fmt').description('write templates in their canonical form; no hash changes by it'))
    .addHelpText('after', examples('fmt', 'fmt --check templates/hpc'))
    .action(about<FormatFlags, readonly string[]>(run, runFormat));
  program
    .command('init')
    .description('write a first template, its test and a workflow; overwrites nothing')
    .addHelpText('after', examples('init'))
    .action(run<object>(runInit));
  program
    .command('schema')
    .description('print the JSON Schema of templates, for editors')
    .addHelpText('after', examples('schema > ami-layers.schema.json'))
    .action(run<object>(runSchema));
}

/** An action with one argument in front of its flags. */
function about<Flags, Subject = string>(
  run: Run,
  action: (subject: Subject, flags: Flags, terminal: Terminal) => Promise<number>,
) {
  return (subject: Subject, flags: Flags): Promise<void> =>
    run<Flags>((given, terminal) => action(subject, given, terminal))(flags);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ami-layers ${line}\n`).join('')}`;
}
