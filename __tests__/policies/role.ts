import { readFileSync } from 'node:fs';
import type { JournalEntry } from '../../sandbox/journal.js';
import { decide, type Policy } from './evaluate.js';
import { questionsOf, type Account } from './questions.js';

/** As the files of iam/ have them, before anybody writes their own in their place. */
export const SCOPE = 'octo-org/images';
export const PLACEHOLDER_ACCOUNT = '111122223333';

export function readPolicy(name: string): Policy {
  return JSON.parse(readFileSync(`iam/${name}.json`, 'utf8')) as Policy;
}

/** What a role of these policies may not do of what was asked and answered; empty: it may do everything. */
export function refusals(
  calls: readonly JournalEntry[],
  { policies, known }: { readonly policies: readonly string[]; readonly known: Account['known'] },
): readonly string[] {
  const read = policies.map(readPolicy);
  const account: Account = { known: new Map([...removedImages(calls), ...known]), roleOf: builderRole };
  const refused = calls
    .filter((call) => call.result === 'OK' && call.service !== 'sts' && !isOfBuilder(call))
    .flatMap((call) =>
      questionsOf(call, account).flatMap((question) => {
        const decision = decide(read, question);
        if (decision === 'allowed') return [];
        const { action, resource, context } = question;
        return [`${call.operation}: ${action} on ${resource} is ${decision}: ${JSON.stringify(context)}`];
      }),
    );
  return [...new Set(refused)];
}

/** What steps ask for with their instance's profile: no matter of the runner's role. */
function isOfBuilder({ service, operation }: JournalEntry): boolean {
  return service === 'ssm' && operation === 'GetParameter';
}

/** Images that a run both made and removed are gone; they were tagged as the call before them says. */
function removedImages(
  calls: readonly JournalEntry[],
): readonly (readonly [string, { tags: Record<string, string> }])[] {
  return calls.flatMap(({ operation, parameters }, at) => {
    if (operation !== 'DeregisterImage') return [];
    const { ImageId } = parameters as { readonly ImageId: string };
    const making = calls.slice(0, at).findLast((call) => call.operation === 'CreateImage');
    const { TagSpecifications = [] } = (making?.parameters ?? {}) as {
      readonly TagSpecifications?: readonly {
        readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
      }[];
    };
    const tags = (TagSpecifications[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value] as const);
    return [[ImageId, { tags: Object.fromEntries(tags) }] as const];
  });
}

/** Tests call the profile of the default branch `builder`, as its role is called `ami-layers-main-builder`. */
export function builderRole(profile: string): string {
  const name = profile === 'builder' ? 'ami-layers-main-builder' : profile;
  return `arn:aws:iam::${PLACEHOLDER_ACCOUNT}:role/${name}`;
}
