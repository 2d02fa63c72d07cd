import { Command, InvalidArgumentError, Option } from 'commander';
import type { OnCancel } from '../build/context.js';
import { LEAST_TAKEOVER_MS } from '../images/claim.js';
import { SCOPE, SCOPE_WORDS } from '../template/repository-settings.js';
import { DURATION_EXAMPLES, parseDuration } from '../lib/parse-duration.js';

/** Flags of every command. */
export interface CommonFlags {
  readonly scope?: string;
  readonly region?: string;
  readonly sandbox?: boolean;
  readonly json?: boolean;
}

export interface PlanFlags extends CommonFlags {
  readonly template: readonly string[];
  readonly templates: readonly string[];
  readonly layer: readonly string[];
  readonly base?: string;
  readonly baseAmi?: string;
  readonly maxDepth: number;
  readonly rebuild?: boolean;
  readonly rebuildBase?: boolean;
  readonly offline?: boolean;
}

export interface BuildFlags extends PlanFlags {
  readonly name?: string;
  readonly instanceProfile?: string;
  readonly subnetId: readonly string[];
  readonly securityGroupId: readonly string[];
  readonly instanceType?: string;
  readonly chain?: boolean;
  readonly maxParallel: number;
  readonly spot?: boolean;
  readonly failFast?: boolean;
  readonly logDir?: string;
  readonly onCancel: OnCancel;
  /** Milliseconds. */
  readonly maxWait?: number;
  /** Milliseconds. */
  readonly takeoverAfter: number;
  readonly pollInterval: number;
  readonly promote?: boolean;
}

export interface ListFlags extends CommonFlags {
  readonly layer: readonly string[];
  readonly latest?: boolean;
}

export interface SweepFlags extends Omit<CommonFlags, 'region'> {
  readonly region: readonly string[];
  readonly run: readonly string[];
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

const SCOPE_HELP =
  'whose images and instances to see (default: scope in ami-layers.yaml, else the repository of the remote origin)';

const SANDBOX = 'use the sandbox on this machine instead of AWS: images and instances are local, scripts really run';

export function addCommonFlags(command: Command): Command {
  return addSharedFlags(command.option('--region <region>', 'Region, where templates name none (default: AWS_REGION)'));
}

function addSharedFlags(command: Command): Command {
  return command
    .addOption(new Option('--scope <name>', SCOPE_HELP).argParser(scope))
    .option('--sandbox', SANDBOX)
    .option('--json', 'print the result as JSON on standard output; progress goes to standard error');
}

export function addPlanFlags(command: Command): Command {
  return addCommonFlags(command)
    .addOption(list('-t, --template <file>', 'only the layers of these template files', 'all'))
    .addOption(list('--templates <path>', 'folders, files or globs with templates', 'templates, where -t is not given'))
    .addOption(list('--layer <name>', 'only these layers; a glob, or name+ for its descendants too', 'all'))
    .option('--base <commit>', 'only layers affected by what changed since this commit, branch or tag')
    .addOption(
      new Option('--base-ami <ami>', 'build the selected layers on this AMI, whatever they extend').argParser(imageId),
    )
    .addOption(new Option('--max-depth <n>', 'longest chain of layers allowed').argParser(wholeNumber).default(10))
    .option('--rebuild', 'build the selected layers even if they have a usable image')
    .option('--rebuild-base', 'the same, and all their ancestors too');
}

export function addBuildFlags(command: Command): Command {
  return addPlanFlags(command)
    .option(
      '--name <name>',
      'what the EC2 console shows as the name of the image (default: `tags.Name` of its template, else the layer)',
    )
    .option('--instance-profile <profile>', 'instance profile of builders, by name or ARN')
    .addOption(list('--subnet-id <id>', 'subnets to try, in order', 'the default VPC’s'))
    .addOption(list('--security-group-id <id>', 'security groups of builders', 'the VPC’s default group'))
    .option('--instance-type <type>', 'instance type of builders, whatever the templates say')
    .option('--spot', 'build on Spot instances, whatever the templates say')
    .option('--no-spot', 'build on demand, whatever the templates say')
    .option('--chain', 'let the first child to build go on with its parent’s builder')
    .addOption(new Option('--max-parallel <n>', 'layers built at the same time').argParser(wholeNumber).default(4))
    .option('--fail-fast', 'end the other layers as soon as one fails')
    .option('--log-dir <folder>', 'write the log of each layer into a file of its own there')
    .addOption(
      new Option('--on-cancel <what>', 'what becomes of builders when you cancel: keep leaves them to the next run')
        .choices(['terminate', 'keep'])
        .default('terminate'),
    )
    .addOption(
      new Option('--max-wait <time>', 'leave what is not finished after so long to the next run').argParser(duration),
    )
    .addOption(
      new Option('--takeover-after <time>', 'take over builders whose run has said nothing for so long')
        .argParser(takeover)
        .default(parseDuration('3m'), '3m'),
    )
    .addOption(
      new Option('--poll-interval <seconds>', 'between two looks at what is in flight').argParser(seconds).default(3),
    )
    .option('--promote', 'make validated images the latest of their layers');
}

export function addListFlags(command: Command): Command {
  return addCommonFlags(command)
    .addOption(list('--layer <name>', 'only images of these layers; a glob', 'all'))
    .option('--latest', 'only the latest image of each layer');
}

export function addSweepFlags(command: Command): Command {
  return addSharedFlags(command.addOption(list('--region <region>', 'Regions to sweep', 'AWS_REGION')))
    .option('--dry-run', 'say what would end and why, and change nothing')
    .addOption(list('--run <id>', 'also end instances of these runs, expired or not', 'none'))
    .addOption(
      new Option(
        '--older-than <time>',
        `also end instances that were launched longer ago, such as ${DURATION_EXAMPLES}`,
      ).argParser(duration),
    );
}

/** A flag that may be given several times. `without` says what happens without it. */
function list(flags: string, description: string, without: string): Option {
  return new Option(flags, description).argParser(collect).default([], without);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function scope(value: string): string {
  if (SCOPE.test(value)) return value;
  throw new InvalidArgumentError(`It takes ${SCOPE_WORDS}.`);
}

function imageId(value: string): string {
  if (/^ami-[0-9a-f]{8,17}$/.test(value)) return value;
  throw new InvalidArgumentError('An AMI id looks like ami-0123456789abcdef0.');
}

function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(`It takes a time such as ${DURATION_EXAMPLES}.`);
}

function takeover(value: string): number {
  const ms = duration(value);
  if (ms >= LEAST_TAKEOVER_MS) return ms;
  throw new InvalidArgumentError('It takes at least 30s.');
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError('It takes a whole number from 1 to 100.');
}

export function seconds(value: string): number {
  const number = Number(value);
  if (number >= 0.05 && number <= 300) return number;
  throw new InvalidArgumentError('It takes seconds from 0.05 to 300.');
}
