import { describe, expect, test } from '@jest/globals';
import { decide, holds, type Policy, type Question } from './evaluate.js';

/** The examples are those of the IAM User Guide, by the name of its page. */
function policy(...Statement: Policy['Statement']): Policy {
  return { Version: '2012-10-17', Statement };
}

function ask(one: Policy, question: Partial<Question>): string {
  return decide([one], { action: 'ec2:RunInstances', resource: '*', context: {}, ...question });
}

describe('Multivalued context keys', () => {
  /** "ForAllValues … returns true if there are no context keys in the request"; the table of the page. */
  test.each([
    ['ForAllValues:StringEquals', ['preprod', 'storage'], ['preprod', 'storage', 'x'], true],
    ['ForAllValues:StringEquals', ['environment', 'costcenter'], ['environment'], false],
    ['ForAllValues:StringEquals', undefined, ['environment'], true],
    ['ForAllValues:StringEquals', [], ['environment'], true],
    ['ForAnyValue:StringEquals', ['environment', 'costcenter'], ['environment'], true],
    ['ForAnyValue:StringEquals', ['costcenter'], ['environment'], false],
    ['ForAnyValue:StringEquals', undefined, ['environment'], false],
    ['ForAnyValue:StringEquals', [], ['environment'], false],
  ] as const)('%s of %j in %j: %s', (operator, values, wanted, expected) => {
    expect(holds(operator, values, wanted)).toBe(expected);
  });
});

describe('Condition operators', () => {
  test.each([
    ['Null', undefined, ['true'], true],
    ['Null', ['x'], ['true'], false],
    ['Null', undefined, ['false'], false],
    ['Null', ['x'], ['false'], true],
    ['StringEquals', ['queue'], ['queue'], true],
    ['StringEquals', ['Queue'], ['queue'], false],
    ['StringEquals', undefined, ['queue'], false],
    ['StringEqualsIfExists', undefined, ['queue'], true],
    ['StringEqualsIfExists', ['other'], ['queue'], false],
    ['StringLike', ['t2.micro'], ['t1.*', 't2.*'], true],
    ['StringLike', ['m3.large'], ['t1.*', 't2.*'], false],
    ['StringLike', ['ab'], ['a?'], true],
    ['StringLike', ['a'], ['a?'], false],
  ] as const)('%s of %j in %j: %s', (operator, values, wanted, expected) => {
    expect(holds(operator, values, wanted)).toBe(expected);
  });

  test('are refused where the evaluator does not know them, or would have to guess', () => {
    expect(() => holds('StringNotEquals', ['a'], ['b'])).toThrow('knows no StringNotEquals');
    expect(() => holds('Bool', ['true'], ['true'])).toThrow('knows no Bool');
    expect(() => holds('StringEquals', ['a', 'b'], ['a'])).toThrow('keys with one value');
    expect(() => holds('StringEquals', ['a'], ['${aws:username}'])).toThrow('policy variables');
    const withMore = policy({ Effect: 'Allow', Action: '*', NotResource: '*' } as Policy['Statement'][number]);
    expect(() => ask(withMore, {})).toThrow('knows no NotResource');
  });
});

test('Policy evaluation logic: a deny wins over every allow, and what nothing allows is not allowed', () => {
  const allow = policy({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' });
  const deny = policy({ Effect: 'Deny', Action: 'ec2:Run*', Resource: '*' });
  const question = { action: 'ec2:RunInstances', resource: '*', context: {} };
  expect(decide([allow, deny], question)).toBe('denied');
  expect(decide([allow], question)).toBe('allowed');
  expect(decide([deny], { ...question, action: 'ec2:StopInstances' })).toBe('not allowed');
  expect(decide([], question)).toBe('not allowed');
});

test('NotAction: a deny of all but IAM leaves IAM alone', () => {
  const rest = policy({ Effect: 'Deny', NotAction: ['iam:*'], Resource: '*' });
  expect(ask(rest, { action: 'ec2:RunInstances' })).toBe('denied');
  expect(ask(rest, { action: 'iam:PassRole' })).toBe('not allowed');
});

test('Conditions with several keys or values: all keys, any value', () => {
  const both = policy({
    Effect: 'Allow',
    Action: 'ec2:*',
    Resource: 'arn:aws:ec2:*:*:instance/*',
    Condition: {
      StringEquals: { 'aws:ResourceTag/department': ['finance', 'hr', 'legal'], 'aws:ResourceTag/role': ['audit'] },
    },
  });
  const resource = 'arn:aws:ec2:us-east-1:111122223333:instance/i-1';
  const tags = { 'aws:ResourceTag/department': 'hr', 'aws:ResourceTag/role': 'audit' };
  expect(ask(both, { resource, context: tags })).toBe('allowed');
  expect(ask(both, { resource, context: { ...tags, 'aws:ResourceTag/role': 'other' } })).toBe('not allowed');
  expect(ask(both, { resource, context: { 'aws:ResourceTag/department': 'hr' } })).toBe('not allowed');
  // "Condition key names are not case-sensitive."
  expect(
    ask(both, { resource, context: { 'AWS:resourcetag/Department': 'hr', 'aws:ResourceTag/role': 'audit' } }),
  ).toBe('allowed');
});

test('Controlling access during AWS requests: tags that may be used, and no others', () => {
  const tagged = policy({
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: 'arn:aws:ec2:*:*:instance/*',
    Condition: {
      StringEquals: { 'aws:RequestTag/environment': ['preprod', 'production'] },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment'] },
    },
  });
  const of = (tags: Readonly<Record<string, string>>): string =>
    ask(tagged, {
      action: 'ec2:CreateTags',
      resource: 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      context: {
        'aws:TagKeys': Object.keys(tags),
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      },
    });
  expect(of({ environment: 'preprod' })).toBe('allowed');
  expect(of({ environment: 'preprod', cost: '1' })).toBe('not allowed');
  expect(of({ environment: 'test' })).toBe('not allowed');
});

test('ARNs are compared as they are written, with * over colons and slashes', () => {
  const image = policy({ Effect: 'Allow', Action: 'EC2:deregisterimage', Resource: 'arn:aws:ec2:*::image/*' });
  const of = (resource: string): string => ask(image, { action: 'ec2:DeregisterImage', resource });
  expect(of('arn:aws:ec2:us-east-1::image/ami-1')).toBe('allowed');
  expect(of('arn:aws:ec2:us-east-1::snapshot/snap-1')).toBe('not allowed');
  expect(of('arn:aws:EC2:us-east-1::image/ami-1')).toBe('not allowed');
});
