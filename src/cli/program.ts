import { Command } from 'commander';
import { CloudFailure } from '../build/cloud.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { renderDiagnostics } from '../diagnostics/render-diagnostic.js';
import {
  addBuildFlags,
  addListFlags,
  addPlanFlags,
  addSweepFlags,
  type BuildFlags,
  type ListFlags,
  type PlanFlags,
  type SweepFlags,
} from './flags.js';
import { runBuild, runPlan } from './run-build.js';
import { runList } from './run-list.js';
import { runSweep } from './run-sweep.js';
import { addSandboxCommands } from './sandbox-commands.js';
import { addTemplateCommands } from './template-commands.js';
import type { Terminal } from './terminal.js';

const EXAMPLES = `
Examples:
  ami-layers init                                  a first template, its test and a workflow
  ami-layers plan                                  what would be built, and why
  ami-layers build -t templates/hpc/gromacs.yaml   build it, and what it stands on
  ami-layers build --sandbox                       try it on this machine, without AWS
  ami-layers list --latest                         the images to launch
  ami-layers sweep --dry-run                       what dead runs left behind

Credentials and Region come from where the AWS CLI takes them: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …
`;

/** The command line. `onExit` is told the exit status of the command that ran. */
export function createProgram(terminal: Terminal, onExit: (status: number) => void): Command {
  const program = new Command('ami-layers')
    .description('Amazon Machine Images as layers: only what changed is built, and every image is validated.')
    .version(terminal.version)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(add --help for the flags)')
    .configureOutput({ writeOut: trimmed(terminal.out), writeErr: trimmed(terminal.err) });
  const run = <Flags>(command: (flags: Flags, terminal: Terminal) => Promise<number>) => {
    return async (flags: Flags): Promise<void> => {
      onExit(await explained(() => command(flags, terminal), terminal));
    };
  };
  addPlanFlags(program.command('plan').description('show what build would do and why; creates nothing'))
    .option('--offline', 'ask nothing of AWS: checks the templates and shows what is affected')
    .action(run<PlanFlags>(runPlan));
  addBuildFlags(program.command('build').description('build what has no usable image, and validate it')).action(
    run<BuildFlags>(runBuild),
  );
  addListFlags(program.command('list').description('the images of this tool in a Region')).action(
    run<ListFlags>(runList),
  );
  addSweepFlags(
    program
      .command('sweep')
      .description('end what dead runs left: instances past their time, images that EC2 could not make'),
  ).action(run<SweepFlags>(runSweep));
  addTemplateCommands(program, run);
  addSandboxCommands(program, run);
  return program;
}

/** Turns what a user can mend into words and exit status 1; what remains is a bug. */
async function explained(run: () => Promise<number>, { err }: Terminal): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InvalidInput) err(renderDiagnostics(error.diagnostics));
    else if (error instanceof CloudFailure) err(`error: ${error.message}\nFix: ${error.fix}`);
    else throw error;
    return 1;
  }
}

function trimmed(print: (line: string) => void): (text: string) => void {
  return (text) => {
    print(text.trimEnd());
  };
}
