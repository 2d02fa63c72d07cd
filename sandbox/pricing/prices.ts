import { INSTANCE_TYPES } from '../ec2/instance-types.js';
import { ZONES } from '../ec2/network.js';

/** Made up: near AWS's, but none of them. US dollars an hour for a vCPU. */
const USD_PER_VCPU = 0.05;
const USD_PER_GPU = 0.5;

/** A third in the first zone of a Region, and more in each of the others. */
const SPOT_SHARES = [0.3, 0.4, 0.5];

/** US dollars an hour, Linux, on demand; 0 for a type that is not here. */
export function onDemandPrice(instanceType: string): number {
  const type = INSTANCE_TYPES.get(instanceType);
  return type === undefined ? 0 : type.vcpus * USD_PER_VCPU + type.gpus * USD_PER_GPU;
}

/** The same on Spot, by zone: `us-west-2a`. */
export function spotPrice(instanceType: string, zone: string): number {
  const share = SPOT_SHARES[ZONES.indexOf(zone.slice(-1))] ?? 1;
  return onDemandPrice(instanceType) * share;
}
