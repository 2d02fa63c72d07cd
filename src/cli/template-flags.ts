import { Option, type Command } from 'commander';
import type { Architecture } from '../template/layer.js';

/** Flags of every command about one layer's template. */
export interface LayerFlags {
  readonly templates: readonly string[];
  readonly json?: boolean;
}

export interface ShowFlags extends LayerFlags {
  readonly resolved?: boolean;
  readonly script?: boolean;
  readonly architecture?: Architecture;
}

export interface ExplainFlags extends LayerFlags {
  readonly against?: string;
  readonly image?: string;
  readonly architecture?: Architecture;
  readonly region?: string;
  readonly sandbox?: boolean;
}

export interface ExportFlags extends Omit<LayerFlags, 'json'> {
  readonly format: 'user-data' | 'packer';
  readonly output?: string;
  readonly architecture?: Architecture;
}

export interface FormatFlags {
  readonly check?: boolean;
}

export function addLayerFlags(command: Command): Command {
  return addSubject(command).option('--json', 'print the result as JSON');
}

function addSubject(command: Command): Command {
  return command
    .argument('<layer>', 'name of the layer, or its template file')
    .addOption(
      new Option('--templates <path>', 'folders, files or globs with templates')
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], 'templates, where no file is given'),
    );
}

export function addArchitectureFlag(command: Command): Command {
  return command.addOption(
    new Option('--architecture <name>', 'of a layer with several (default: its first)').choices(['x86_64', 'arm64']),
  );
}

export function addShowFlags(command: Command): Command {
  return addArchitectureFlag(
    addLayerFlags(command)
      .option('--resolved', 'also the texts of scripts, the files behind patterns, and the defaults')
      .option('--script', 'instead, what runs on the builder of this layer, step by step'),
  );
}

export function addExplainFlags(command: Command): Command {
  return addArchitectureFlag(
    addLayerFlags(command)
      .option('--against <commit>', 'why the hash differs from that of this commit, branch or tag')
      .addOption(new Option('--image <ami>', 'why the hash differs from that of this image').conflicts('against')),
  )
    .option('--region <region>', 'where the image is (default: AWS_REGION)')
    .option('--sandbox', 'the image is in the sandbox on this machine');
}

export function addExportFlags(command: Command): Command {
  return addArchitectureFlag(
    addSubject(command)
      .addOption(
        new Option('--format <format>', 'what to write').choices(['user-data', 'packer']).makeOptionMandatory(),
      )
      .option('--output <file>', 'where to write it (default: standard output)'),
  );
}

export function addFormatFlags(command: Command): Command {
  return command
    .argument('[paths...]', 'templates: files, folders or globs (default: templates)')
    .option('--check', 'change nothing; name the templates that would change, and exit 1 when there are any');
}
