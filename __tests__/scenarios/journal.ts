import { expect } from '@jest/globals';
import type { Control } from '../../sandbox/control.js';
import type { JournalEntry } from '../../sandbox/journal.js';
import { heartbeatTags, MANAGED_TAG, RUN_TOKEN_TAG } from '../../src/images/tags.js';

/** Calls that change something; how often the others are made depends on how long things take. */
const CHANGING = /^(Run|Start|Stop|Terminate|Create|Delete|Deregister|Put)/;

/** All calls since the sandbox started. */
export async function readJournal(control: Control): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (;;) {
    const page = await control.journal(entries.at(-1)?.sequence);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

/** How many calls of each changing operation were answered with OK; without the heartbeats, of which a slow run has more. */
export function changes(calls: readonly JournalEntry[]): Readonly<Record<string, number>> {
  return count(
    calls.filter((call) => CHANGING.test(call.operation) && call.result === 'OK' && !isHeartbeat(call.parameters)),
  );
}

const HEARTBEAT = Object.keys(heartbeatTags(0)).join();

function isHeartbeat(parameters: JournalEntry['parameters']): boolean {
  const { Tags = [] } = (parameters ?? {}) as { readonly Tags?: readonly { readonly Key: string }[] };
  return Tags.map(({ Key }) => Key).join() === HEARTBEAT;
}

/** How many calls of each operation were made, however they ended. */
export function count(calls: readonly JournalEntry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

export function callsOf(calls: readonly JournalEntry[], operation: string): readonly JournalEntry[] {
  return calls.filter((call) => call.operation === operation);
}

/** What must carry tags from the call that makes it. */
const BORN_TAGGED: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ['instance', 'volume', 'network-interface'],
  CreateImage: ['image', 'snapshot'],
};

interface Creating {
  readonly InstanceMarketOptions?: object;
  readonly TagSpecifications?: readonly {
    readonly ResourceType: string;
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

/** Nothing is created untagged: whoever finds it can tell whose it is. */
export function checkCreatingCalls(calls: readonly JournalEntry[]): void {
  for (const { operation, parameters } of calls) {
    const { TagSpecifications = [], InstanceMarketOptions } = parameters as Creating;
    const types = [...(BORN_TAGGED[operation] ?? []), ...(InstanceMarketOptions ? ['spot-instances-request'] : [])];
    if (types.length === 0) continue;
    const tagged = TagSpecifications.map(({ ResourceType, Tags }) => ({
      type: ResourceType,
      keys: Tags.map(({ Key }) => Key).filter((key) => key === MANAGED_TAG || key === RUN_TOKEN_TAG),
    }));
    expect(tagged).toEqual(types.map((type) => ({ type, keys: [MANAGED_TAG, RUN_TOKEN_TAG] })));
  }
}
