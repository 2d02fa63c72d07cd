import { InvalidArgumentError, Option, type Command } from 'commander';

/** Flags of every `ami-layers sandbox` command. */
export interface SandboxFlags {
  readonly directory?: string;
  readonly json?: boolean;
}

export interface SandboxStartFlags extends SandboxFlags {
  readonly port?: number;
  readonly base?: string;
}

export function addSandboxFlags(command: Command): Command {
  return command
    .option('--directory <path>', 'where images are kept (default: .sandbox in the repository, as with --sandbox)')
    .option('--json', 'print the result as JSON');
}

export function addSandboxStartFlags(command: Command): Command {
  return addSandboxFlags(command)
    .addOption(new Option('--port <n>', 'TCP port on 127.0.0.1 (default: any that is free)').argParser(portNumber))
    .addOption(
      new Option(
        '--base <system>',
        'what lies under every image: machine (default), directory:<path>, or image:<name> of Docker or Podman',
      ).argParser(baseSystem),
    );
}

function portNumber(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('It takes a whole number from 1 to 65535.');
}

function baseSystem(value: string): string {
  if (value === 'machine' || /^(directory|image):./.test(value)) return value;
  throw new InvalidArgumentError('It is machine, directory:<path>, or image:<name>.');
}
