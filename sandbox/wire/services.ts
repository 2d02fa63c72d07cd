import * as ebs from '@aws-sdk/client-ebs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as pricing from '@aws-sdk/client-pricing';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { ebsOperations } from '../ebs/operations.js';
import { ec2Operations } from '../ec2/operations.js';
import { pricingOperations } from '../pricing/operations.js';
import { ssmOperations } from '../ssm/operations.js';
import { stsOperations } from '../sts/operations.js';
import { AwsError } from './aws-error.js';
import type { ServiceName } from './aws-request.js';
import type { Operation } from './operation.js';
import { matchOperation, type RestRequest } from './rest-json.js';

interface Service {
  readonly operations: ReadonlyMap<string, Operation>;
  /** The SDK's exports: what AWS has, whether or not it is here. */
  readonly sdk: object;
  readonly unknownOperation: string;
}

const SERVICES: Readonly<Record<ServiceName, Service>> = {
  ec2: { operations: byName(ec2Operations), sdk: ec2, unknownOperation: 'InvalidAction' },
  ssm: { operations: byName(ssmOperations), sdk: ssm, unknownOperation: 'UnknownOperationException' },
  sts: { operations: byName(stsOperations), sdk: sts, unknownOperation: 'InvalidAction' },
  ebs: { operations: byName(ebsOperations), sdk: ebs, unknownOperation: 'UnknownOperationException' },
  pricing: { operations: byName(pricingOperations), sdk: pricing, unknownOperation: 'UnknownOperationException' },
};

/** @throws AwsError UnsupportedOperation for what AWS has and the sandbox has not, else AWS's "no such operation". */
export function findOperation(service: ServiceName, name: string): Operation {
  const { operations, sdk, unknownOperation } = SERVICES[service];
  const found = operations.get(name);
  if (found !== undefined) return found;
  if (Object.hasOwn(sdk, `${name}Command`)) {
    throw new AwsError('UnsupportedOperation', `The sandbox does not support ${name}.`);
  }
  throw new AwsError(unknownOperation, `The action ${name} is not valid for this web service.`);
}

/** Of a REST service: the operation that the path and method belong to. */
export function findRoute(service: ServiceName, request: RestRequest): string | undefined {
  return matchOperation(SERVICES[service].operations.values(), request)?.name;
}

/** What the sandbox has of a service, by name. */
export function operationNames(service: ServiceName): readonly string[] {
  return [...SERVICES[service].operations.keys()];
}

function byName(operations: readonly Operation[]): ReadonlyMap<string, Operation> {
  return new Map(operations.map((operation) => [operation.name, operation]));
}
