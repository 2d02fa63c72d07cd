import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readPolicy } from './role.js';

const RUNS_CFN_LINT = spawnSync('cfn-lint', ['--version']).status === 0;
const RUNS_TERRAFORM = spawnSync('terraform', ['version']).status === 0;

/** What somebody gives the templates, unlike what stands in the files. */
const GIVEN = {
  account: '444455556666',
  repository: 'hpc/amis',
  withIds: 'hpc@1/amis@2',
  scope: 'shared',
  branch: 'trunk',
  mainBuilder: 'mine-main-builder',
  pullRequestBuilder: 'mine-pull-request-builder',
};

/** The policy of a file with that in the place of what is not to be copied; the only thing that may be other than the file. */
function expected(name: string): unknown {
  const text = JSON.stringify(readPolicy(name))
    .replaceAll('111122223333', GIVEN.account)
    .replaceAll('ami-layers-main-builder', GIVEN.mainBuilder)
    .replaceAll('ami-layers-pull-request-builder', GIVEN.pullRequestBuilder)
    .replaceAll('repo:octo-org@123456/images@456789:', `repo:${GIVEN.withIds}:`)
    .replaceAll('repo:octo-org/images:', `repo:${GIVEN.repository}:`)
    .replaceAll('refs/heads/main', `refs/heads/${GIVEN.branch}`)
    .replaceAll('octo-org/images', GIVEN.scope);
  return JSON.parse(text);
}

const ROLES = {
  MainRole: ['main-trust', 'main'],
  PullRequestRole: ['pull-request-trust', 'pull-request'],
  MainBuilder: ['instance-trust', 'instance'],
  PullRequestBuilder: ['instance-trust', 'instance'],
} as const;

describe('the CloudFormation template', () => {
  const VALUES: Readonly<Record<string, string>> = {
    'AWS::AccountId': GIVEN.account,
    Repository: GIVEN.repository,
    RepositoryWithIds: GIVEN.withIds,
    Scope: GIVEN.scope,
    DefaultBranch: GIVEN.branch,
    'MainBuilder.Arn': `arn:aws:iam::${GIVEN.account}:role/${GIVEN.mainBuilder}`,
    'PullRequestBuilder.Arn': `arn:aws:iam::${GIVEN.account}:role/${GIVEN.pullRequestBuilder}`,
  };
  const substituted = (text: string): string =>
    text.replace(/\$\{([\w:.]+)\}/g, (_all, name: string) => {
      const value = VALUES[name];
      if (value === undefined) throw new Error(`nothing is called ${name}`);
      return value;
    });
  const text = readFileSync('iam/cloudformation.yaml', 'utf8');
  const template = parse(text, {
    customTags: [
      { tag: '!Sub', resolve: substituted },
      ...['!Ref', '!GetAtt'].map((tag) => ({ tag, resolve: (name: string) => `${tag} ${name}` })),
      { tag: '!Equals', collection: 'seq' as const },
    ],
  }) as { readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: unknown }>> };

  test.each(Object.entries(ROLES))('gives %s the policies of the files', (role, [trust, policy]) => {
    expect(template.Resources[role]?.Properties).toMatchObject({
      AssumeRolePolicyDocument: expected(trust),
      Policies: [{ PolicyName: 'ami-layers', PolicyDocument: expected(policy) }],
    });
  });

  test('makes nothing else than them, their profiles, and the provider where it is asked to', () => {
    const types = Object.entries(template.Resources).map(([name, { Type }]) => [name, Type]);
    expect(Object.fromEntries(types)).toEqual({
      Provider: 'AWS::IAM::OIDCProvider',
      ...Object.fromEntries(Object.keys(ROLES).map((name) => [name, 'AWS::IAM::Role'])),
      MainProfile: 'AWS::IAM::InstanceProfile',
      PullRequestProfile: 'AWS::IAM::InstanceProfile',
    });
    expect(template.Resources.MainProfile?.Properties).toEqual({ Roles: ['!Ref MainBuilder'] });
    expect(template.Resources.PullRequestProfile?.Properties).toEqual({ Roles: ['!Ref PullRequestBuilder'] });
  });

  (RUNS_CFN_LINT ? test : test.skip)('has nothing that cfn-lint would say (skipped without it)', () => {
    const { stdout, stderr, status } = spawnSync('cfn-lint', ['iam/cloudformation.yaml'], { encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([0, '']);
  });
});

describe('the Terraform module', () => {
  (RUNS_TERRAFORM ? test : test.skip)('makes the policies of the files (skipped without Terraform)', () => {
    const given = {
      account_id: GIVEN.account,
      repository: GIVEN.repository,
      repository_with_ids: GIVEN.withIds,
      scope: GIVEN.scope,
      default_branch: GIVEN.branch,
      main_builder: GIVEN.mainBuilder,
      pull_request_builder: GIVEN.pullRequestBuilder,
    };
    const { stdout } = spawnSync(
      'terraform',
      ['console', ...Object.entries(given).map(([name, value]) => `-var=${name}=${value}`)],
      { cwd: 'iam/terraform/documents', input: 'jsonencode(local.documents)\n', encoding: 'utf8' },
    );
    const quoted = stdout.split('\n').find((line) => line.startsWith('"')) ?? '""';
    const documents = JSON.parse(JSON.parse(quoted) as string) as Readonly<Record<string, string>>;
    const read = Object.entries(documents).map(([name, policy]) => [name, JSON.parse(policy) as unknown] as const);
    const names = [...new Set(Object.values(ROLES).flat())].sort();
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(names.map((name) => [name, expected(name)])));
  });

  (RUNS_TERRAFORM ? test : test.skip)('is written as Terraform formats it (skipped without it)', () => {
    const { stdout, status } = spawnSync('terraform', ['fmt', '-check', '-recursive', 'iam/terraform'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });
});
