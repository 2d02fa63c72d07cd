import { AwsError } from './aws-error.js';
import type { ServiceName } from './aws-request.js';
import { findViolations, type Rule, type Violation } from './constraint.js';
import { CONSTRAINTS } from './constraints.js';

/** Parameters for which EC2 has an error code of its own; the operations see to them. */
const OWN_CODES = new Set(['CopyImage.Name', 'CreateImage.Name', 'RegisterImage.Name']);

/** @throws AwsError in the service's own words for the first (EC2) or all (the others) parameters that AWS would refuse. */
export function checkConstraints(service: ServiceName, operation: string, request: unknown): void {
  const violations = findViolations(CONSTRAINTS[service]?.[operation] ?? [], request).filter(
    ({ path, rule }) => rule.kind === 'required' || !OWN_CODES.has(`${operation}.${path.join('.')}`),
  );
  const [first] = violations;
  if (first === undefined) return;
  switch (service) {
    case 'ec2':
      throw ec2Error(first);
    case 'sts':
      throw new AwsError('ValidationError', validationMessage(violations));
    case 'pricing':
      throw new AwsError('InvalidParameterException', validationMessage(violations));
    case 'ssm':
    case 'ebs':
      throw new AwsError('ValidationException', validationMessage(violations));
  }
}

function ec2Error({ path, value, rule }: Violation): AwsError {
  const name = path.join('.');
  if (rule.kind === 'required') {
    return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
  }
  return new AwsError(
    'InvalidParameterValue',
    `Value (${textOf(value)}) for parameter ${name} is invalid. ${ec2Words(rule)}`,
  );
}

function ec2Words(rule: Exclude<Rule, { readonly kind: 'required' }>): string {
  switch (rule.kind) {
    case 'least':
      return `The ${rule.of} must be at least ${rule.limit}.`;
    case 'most':
      return `The ${rule.of} must be at most ${rule.limit}.`;
    case 'pattern':
      return `It must match ${rule.pattern}`;
    case 'values':
      return `Valid values are: ${rule.values.join(', ')}.`;
  }
}

/** As the services that are built on AWS's common framework say it; what an item of a list breaks is said of the list. */
function validationMessage(violations: readonly Violation[]): string {
  const count = violations.length;
  const each = violations.map(({ path, value, list, rule }) => {
    const text = rule.kind === 'required' ? 'null' : `'${textOf(list ?? value)}'`;
    return `Value ${text} at '${memberName(path)}' failed to satisfy constraint: ${list === undefined ? ruleWords(rule) : `Member must satisfy constraint: [${ruleWords(rule)}]`}`;
  });
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${each.join('; ')}`;
}

function ruleWords(rule: Rule): string {
  switch (rule.kind) {
    case 'required':
      return 'Member must not be null';
    case 'least':
      return `Member must have ${rule.of} greater than or equal to ${rule.limit}`;
    case 'most':
      return `Member must have ${rule.of} less than or equal to ${rule.limit}`;
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${rule.pattern}`;
    case 'values':
      return `Member must satisfy enum value set: [${rule.values.join(', ')}]`;
  }
}

/** `Targets.1.Values` is `targets.1.member.values`. */
function memberName(path: readonly string[]): string {
  const names = path.map((part) =>
    /^\d+$/.test(part) ? `${part}.member` : part.charAt(0).toLowerCase() + part.slice(1),
  );
  return names.join('.').replace(/\.\d+\.member$/, '');
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(textOf).join(', ')}]` : String(value);
}
