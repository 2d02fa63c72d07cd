import * as ec2 from '@aws-sdk/client-ec2';
import { operation, type Operation } from '../wire/operation.js';
import { rebootInstances, startInstances, stopInstances, terminateInstances } from './change-instances.js';
import { createImage } from './create-image.js';
import { describeInstances, describeInstanceStatus, getConsoleOutput } from './describe-instances.js';
import { deregisterImage, describeImages } from './images.js';
import { describeInstanceTypes } from './instance-types.js';
import { describeRegions, describeSecurityGroups, describeSubnets } from './network.js';
import { runInstances } from './run-instances.js';
import { deleteSnapshot, describeSnapshots } from './snapshots.js';
import { createTags, deleteTags, describeTags } from './tags.js';

export const ec2Operations: readonly Operation[] = [
  operation(ec2.CreateImage$, createImage),
  operation(ec2.CreateTags$, createTags),
  operation(ec2.DeleteSnapshot$, deleteSnapshot),
  operation(ec2.DeleteTags$, deleteTags),
  operation(ec2.DeregisterImage$, deregisterImage),
  operation(ec2.DescribeImages$, describeImages),
  operation(ec2.DescribeInstances$, describeInstances),
  operation(ec2.DescribeInstanceStatus$, describeInstanceStatus),
  operation(ec2.DescribeInstanceTypes$, describeInstanceTypes),
  operation(ec2.DescribeRegions$, describeRegions),
  operation(ec2.DescribeSecurityGroups$, describeSecurityGroups),
  operation(ec2.DescribeSnapshots$, describeSnapshots),
  operation(ec2.DescribeSubnets$, describeSubnets),
  operation(ec2.DescribeTags$, describeTags),
  operation(ec2.GetConsoleOutput$, getConsoleOutput),
  operation(ec2.RebootInstances$, rebootInstances),
  operation(ec2.RunInstances$, runInstances),
  operation(ec2.StartInstances$, startInstances),
  operation(ec2.StopInstances$, stopInstances),
  operation(ec2.TerminateInstances$, terminateInstances),
];
