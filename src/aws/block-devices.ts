import type { BlockDeviceMapping, EbsBlockDevice, Image } from '@aws-sdk/client-ec2';
import type { Launch } from '../build/cloud.js';

/**
 * How a launch maps every volume of an image: all of them end with the instance, and are encrypted where the layer is.
 * The root volume is as the layer says, the others as large and fast as in the image. Their snapshots need no mention:
 * EC2 takes the image's (aws/karpenter-provider-aws#3302), but the default type where none is given (saltstack/salt#30687).
 */
export function blockDevices({ volume }: Pick<Launch, 'volume'>, image: Image): BlockDeviceMapping[] {
  const { RootDeviceName: rootDevice = '/dev/xvda', BlockDeviceMappings: mappings = [] } = image;
  const { gb, iops, throughput, encryption } = volume;
  const always: EbsBlockDevice = {
    DeleteOnTermination: true,
    ...(encryption === undefined ? {} : { Encrypted: true }),
    ...(encryption?.kmsKey === undefined ? {} : { KmsKeyId: encryption.kmsKey }),
  };
  const root: EbsBlockDevice = {
    VolumeType: 'gp3',
    ...always,
    ...(gb === undefined ? {} : { VolumeSize: gb }),
    ...(iops === undefined ? {} : { Iops: iops }),
    ...(throughput === undefined ? {} : { Throughput: throughput }),
  };
  const further = mappings.flatMap(({ DeviceName, Ebs }) =>
    DeviceName === undefined || DeviceName === rootDevice || Ebs === undefined
      ? []
      : [{ DeviceName, Ebs: { ...asInImage(Ebs), ...always } }],
  );
  return [{ DeviceName: rootDevice, Ebs: root }, ...further];
}

/** Other types do not take both (RunInstances, EC2 API reference, EbsBlockDevice). */
const TYPES_WITH_IOPS: readonly unknown[] = ['io1', 'io2', 'gp3'];

function asInImage({ VolumeType, VolumeSize, Iops, Throughput }: EbsBlockDevice): EbsBlockDevice {
  return {
    ...(VolumeType === undefined ? {} : { VolumeType }),
    ...(VolumeSize === undefined ? {} : { VolumeSize }),
    ...(Iops === undefined || !TYPES_WITH_IOPS.includes(VolumeType) ? {} : { Iops }),
    ...(Throughput === undefined || VolumeType !== 'gp3' ? {} : { Throughput }),
  };
}
