import { Option, type Command } from 'commander';
import { seconds } from './flags.js';

/** Flags of the commands about what an image is made of. */
export interface ManifestFlags {
  readonly region?: string;
  readonly sandbox?: boolean;
  readonly instanceProfile?: string;
  readonly subnetId?: string;
  readonly securityGroupId?: string;
  readonly pollInterval: number;
  readonly json?: boolean;
}

export function addManifestFlags(command: Command): Command {
  return command
    .option('--region <region>', 'where the image is (default: AWS_REGION)')
    .option('--sandbox', 'the image is in the sandbox on this machine')
    .option('--instance-profile <profile>', 'instance profile of the test instance, by name or ARN')
    .option('--subnet-id <id>', 'subnet of the test instance (default: the default VPC’s)')
    .option('--security-group-id <id>', 'security group of the test instance (default: the VPC’s default group)')
    .addOption(
      new Option('--poll-interval <seconds>', 'between two looks at the test instance').argParser(seconds).default(3),
    );
}
