// The policies of iam/ in iam/cloudformation.yaml, between `# name` and `# /name`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, Scalar } from 'yaml';

/** What a policy says in place of what the stack knows, longest first. */
const PLACEHOLDERS = [
  ['arn:aws:iam::111122223333:role/ami-layers-main-builder', '${MainBuilder.Arn}'],
  ['arn:aws:iam::111122223333:role/ami-layers-pull-request-builder', '${PullRequestBuilder.Arn}'],
  ['111122223333', '${AWS::AccountId}'],
  ['repo:octo-org@123456/images@456789:', 'repo:${RepositoryWithIds}:'],
  ['repo:octo-org/images:', 'repo:${Repository}:'],
  ['octo-org/images', '${Scope}'],
  [':ref:refs/heads/main', ':ref:refs/heads/${DefaultBranch}'],
];

/** The template with the policies as the files have them now. */
export function withPolicies(template, root) {
  return template.replace(/^( *)# ([\w-]+)\n(?:.*\n)*?\1# \/\2$/gm, (_part, indent, name) => {
    const policy = JSON.parse(readFileSync(join(root, 'iam', `${name}.json`), 'utf8'));
    // Quoted: a bare date would be no text in the YAML that CloudFormation reads.
    const options = { lineWidth: 0, defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' };
    const text = new Document(substitute(policy)).toString(options);
    return `${indent}# ${name}\n${text.replace(/^(?=.)/gm, indent)}${indent}# /${name}`;
  });
}

function substitute(value) {
  if (typeof value === 'string') {
    const text = PLACEHOLDERS.reduce((changed, [placeholder, known]) => changed.replaceAll(placeholder, known), value);
    return text === value ? value : Object.assign(new Scalar(text), { tag: '!Sub', type: 'QUOTE_SINGLE' });
  }
  if (Array.isArray(value)) return value.map(substitute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, substitute(one)]));
}
