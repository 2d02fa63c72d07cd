import type { CommandFilter } from '@aws-sdk/client-ssm';
import { AwsError } from '../wire/aws-error.js';
import type { CommandRecord } from './command-record.js';

/** What a filter is compared with: of a whole command (ListCommands), or of one invocation (ListCommandInvocations). */
export interface FilteredCommand {
  readonly command: CommandRecord;
  /** StatusDetails, without spaces: `ExecutionTimedOut`. */
  readonly status: string;
}

const FILTERS: Readonly<Record<string, (filtered: FilteredCommand, value: string) => boolean>> = {
  InvokedAfter: ({ command }, value) => command.requestedAt > timeOf(value),
  InvokedBefore: ({ command }, value) => command.requestedAt < timeOf(value),
  Status: ({ status }, value) => status === value,
  DocumentName: ({ command }, value) => command.documentName === value,
  ExecutionStage: ({ status }, value) =>
    ['Pending', 'InProgress', 'Cancelling'].includes(status) === (value === 'Executing'),
};

/** All of them must hold (`SDK` CommandFilter). @throws AwsError InvalidFilterKey, ValidationException for a bad time. */
export function makeCommandFilter(filters: readonly CommandFilter[] = []): (filtered: FilteredCommand) => boolean {
  const tests = filters.map(({ key = '', value = '' }) => {
    const test = FILTERS[key];
    if (test === undefined) throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
    if (key.startsWith('Invoked')) timeOf(value);
    return (filtered: FilteredCommand) => test(filtered, value);
  });
  return (filtered) => tests.every((test) => test(filtered));
}

/** `2018-05-07T00:00:00Z` */
function timeOf(value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new AwsError('ValidationException', `The filter value ${value} is not a valid time.`);
  return time;
}
