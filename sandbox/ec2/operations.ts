import * as ec2 from '@aws-sdk/client-ec2';
import { operation, type Operation } from '../wire/operation.js';
import { rebootInstances, startInstances, stopInstances, terminateInstances } from './change-instances.js';
import { copyImage } from './copy-image.js';
import { createImage } from './create-image.js';
import { deregisterImage } from './deregister-image.js';
import {
  disableImageDeregistrationProtection,
  enableImageDeregistrationProtection,
} from './deregistration-protection.js';
import { describeImages } from './describe-images.js';
import { describeInstances, describeInstanceStatus, getConsoleOutput } from './describe-instances.js';
import { getImageAncestry } from './image-ancestry.js';
import { describeImageAttribute, modifyImageAttribute, resetImageAttribute } from './image-attributes.js';
import { describeImageReferences } from './image-references.js';
import { disableImage, disableImageDeprecation, enableImage, enableImageDeprecation } from './image-state.js';
import { describeInstanceTypes } from './instance-types.js';
import { describeLaunchTemplateVersions } from './launch-template-versions.js';
import { createLaunchTemplate, deleteLaunchTemplate, describeLaunchTemplates } from './launch-templates.js';
import { describeRegions, describeSecurityGroups, describeSubnets } from './network.js';
import {
  disableEbsEncryptionByDefault,
  disableImageBlockPublicAccess,
  enableEbsEncryptionByDefault,
  enableImageBlockPublicAccess,
  getEbsDefaultKmsKeyId,
  getEbsEncryptionByDefault,
  getImageBlockPublicAccessState,
  modifyEbsDefaultKmsKeyId,
  resetEbsDefaultKmsKeyId,
} from './region-settings.js';
import { registerImage } from './register-image.js';
import { runInstances } from './run-instances.js';
import { describeSnapshotAttribute, modifySnapshotAttribute, resetSnapshotAttribute } from './snapshot-attributes.js';
import { deleteSnapshot, describeSnapshots } from './snapshots.js';
import { describeSpotPriceHistory } from './spot-prices.js';
import { createTags, deleteTags, describeTags } from './tags.js';
import { describeAvailabilityZones, describeInstanceTypeOfferings } from './zones.js';

export const ec2Operations: readonly Operation[] = [
  operation(ec2.CopyImage$, copyImage),
  operation(ec2.CreateImage$, createImage),
  operation(ec2.CreateLaunchTemplate$, createLaunchTemplate),
  operation(ec2.CreateTags$, createTags),
  operation(ec2.DeleteLaunchTemplate$, deleteLaunchTemplate),
  operation(ec2.DeleteSnapshot$, deleteSnapshot),
  operation(ec2.DeleteTags$, deleteTags),
  operation(ec2.DeregisterImage$, deregisterImage),
  operation(ec2.DescribeAvailabilityZones$, describeAvailabilityZones),
  operation(ec2.DescribeImageAttribute$, describeImageAttribute),
  operation(ec2.DescribeImageReferences$, describeImageReferences),
  operation(ec2.DescribeImages$, describeImages),
  operation(ec2.DescribeInstances$, describeInstances),
  operation(ec2.DescribeInstanceStatus$, describeInstanceStatus),
  operation(ec2.DescribeInstanceTypeOfferings$, describeInstanceTypeOfferings),
  operation(ec2.DescribeInstanceTypes$, describeInstanceTypes),
  operation(ec2.DescribeLaunchTemplates$, describeLaunchTemplates),
  operation(ec2.DescribeLaunchTemplateVersions$, describeLaunchTemplateVersions),
  operation(ec2.DescribeRegions$, describeRegions),
  operation(ec2.DescribeSecurityGroups$, describeSecurityGroups),
  operation(ec2.DescribeSnapshotAttribute$, describeSnapshotAttribute),
  operation(ec2.DescribeSnapshots$, describeSnapshots),
  operation(ec2.DescribeSpotPriceHistory$, describeSpotPriceHistory),
  operation(ec2.DescribeSubnets$, describeSubnets),
  operation(ec2.DescribeTags$, describeTags),
  operation(ec2.DisableEbsEncryptionByDefault$, disableEbsEncryptionByDefault),
  operation(ec2.DisableImage$, disableImage),
  operation(ec2.DisableImageBlockPublicAccess$, disableImageBlockPublicAccess),
  operation(ec2.DisableImageDeprecation$, disableImageDeprecation),
  operation(ec2.DisableImageDeregistrationProtection$, disableImageDeregistrationProtection),
  operation(ec2.EnableEbsEncryptionByDefault$, enableEbsEncryptionByDefault),
  operation(ec2.EnableImage$, enableImage),
  operation(ec2.EnableImageBlockPublicAccess$, enableImageBlockPublicAccess),
  operation(ec2.EnableImageDeprecation$, enableImageDeprecation),
  operation(ec2.EnableImageDeregistrationProtection$, enableImageDeregistrationProtection),
  operation(ec2.GetConsoleOutput$, getConsoleOutput),
  operation(ec2.GetEbsDefaultKmsKeyId$, getEbsDefaultKmsKeyId),
  operation(ec2.GetEbsEncryptionByDefault$, getEbsEncryptionByDefault),
  operation(ec2.GetImageAncestry$, getImageAncestry),
  operation(ec2.GetImageBlockPublicAccessState$, getImageBlockPublicAccessState),
  operation(ec2.ModifyEbsDefaultKmsKeyId$, modifyEbsDefaultKmsKeyId),
  operation(ec2.ModifyImageAttribute$, modifyImageAttribute),
  operation(ec2.ModifySnapshotAttribute$, modifySnapshotAttribute),
  operation(ec2.RebootInstances$, rebootInstances),
  operation(ec2.RegisterImage$, registerImage),
  operation(ec2.ResetEbsDefaultKmsKeyId$, resetEbsDefaultKmsKeyId),
  operation(ec2.ResetImageAttribute$, resetImageAttribute),
  operation(ec2.ResetSnapshotAttribute$, resetSnapshotAttribute),
  operation(ec2.RunInstances$, runInstances),
  operation(ec2.StartInstances$, startInstances),
  operation(ec2.StopInstances$, stopInstances),
  operation(ec2.TerminateInstances$, terminateInstances),
];
