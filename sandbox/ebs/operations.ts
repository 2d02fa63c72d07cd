import * as ebs from '@aws-sdk/client-ebs';
import { operation, type Operation } from '../wire/operation.js';
import { listChangedBlocks, listSnapshotBlocks } from './list-blocks.js';

export const ebsOperations: readonly Operation[] = [
  operation(ebs.ListChangedBlocks$, listChangedBlocks),
  operation(ebs.ListSnapshotBlocks$, listSnapshotBlocks),
];
