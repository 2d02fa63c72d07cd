import type { Command } from 'commander';
import { resetSandbox, showEnvironment, showStatus, startSandbox, stopSandbox } from './sandbox-actions.js';
import { addSandboxFlags, addSandboxStartFlags, type SandboxFlags, type SandboxStartFlags } from './sandbox-flags.js';
import type { Terminal } from './terminal.js';

const EXAMPLES = `
Examples:
  eval "$(ami-layers sandbox start)"     from here on the AWS CLI, SDKs and ami-layers talk to the sandbox
  aws ec2 describe-images --owners self
  ami-layers sandbox stop
`;

type Run = <Flags>(action: (flags: Flags, terminal: Terminal) => Promise<number>) => (flags: Flags) => Promise<void>;

/** `ami-layers sandbox …`: EC2, Systems Manager and STS on this machine, for any AWS client. */
export function addSandboxCommands(program: Command, run: Run): void {
  const sandbox = program
    .command('sandbox')
    .description('EC2, Systems Manager and STS on this machine, for any AWS client')
    .addHelpText('after', EXAMPLES);
  addSandboxStartFlags(
    sandbox.command('start').description('start it and print the variables that lead clients to it, ready for eval'),
  ).action(run<SandboxStartFlags>(startSandbox));
  for (const [name, description, action] of ACTIONS) {
    addSandboxFlags(sandbox.command(name).description(description)).action(run<SandboxFlags>(action));
  }
}

const ACTIONS = [
  ['env', 'print these variables again', showEnvironment],
  ['status', 'where it listens, its images and instances, what they take', showStatus],
  ['stop', 'end it and its instances; images stay', stopSandbox],
  ['reset', 'remove all images, snapshots, instances and parameters', resetSandbox],
] as const;
