import type { RequestLaunchTemplateData, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Caller } from '../wire/operation.js';
import type { World } from '../world.js';
import { requireLaunchTemplate } from './launch-templates.js';
import { requireVersion } from './launch-template-versions.js';

/** What the request says counts, the template fills in the rest; tags of the two are joined (`SDK RunInstances`). */
export function withLaunchTemplate(world: World, request: RunInstancesRequest, caller: Caller): RunInstancesRequest {
  if (request.LaunchTemplate === undefined) return request;
  const template = requireLaunchTemplate(world, caller, request.LaunchTemplate);
  const data: RequestLaunchTemplateData = requireVersion(template, request.LaunchTemplate.Version).data;
  const { ImageId, InstanceType, UserData, SecurityGroupIds, BlockDeviceMappings, IamInstanceProfile } = data;
  const { MetadataOptions, Placement, InstanceInitiatedShutdownBehavior, TagSpecifications = [] } = data;
  const filled: Partial<RunInstancesRequest> = {
    ...(ImageId !== undefined && { ImageId }),
    ...(InstanceType !== undefined && { InstanceType }),
    ...(UserData !== undefined && { UserData }),
    ...(SecurityGroupIds !== undefined && { SecurityGroupIds }),
    ...(BlockDeviceMappings !== undefined && { BlockDeviceMappings }),
    ...(IamInstanceProfile !== undefined && { IamInstanceProfile }),
    ...(MetadataOptions !== undefined && { MetadataOptions }),
    ...(Placement !== undefined && { Placement }),
    ...(InstanceInitiatedShutdownBehavior !== undefined && { InstanceInitiatedShutdownBehavior }),
  };
  return {
    ...filled,
    ...request,
    TagSpecifications: [...TagSpecifications, ...(request.TagSpecifications ?? [])],
  };
}
