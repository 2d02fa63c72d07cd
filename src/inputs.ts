import { z } from 'zod';
import type { OnCancel } from './build/context.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { LEAST_TAKEOVER_MS } from './images/claim.js';
import { DURATION_EXAMPLES, parseDuration } from './lib/parse-duration.js';
import type { Reuse } from './images/trust.js';
import { SCOPE, SCOPE_WORDS } from './template/repository-settings.js';
import type { Architecture } from './template/layer.js';

/** The action's inputs, checked. Names and meanings: action.yml. */
export interface Inputs {
  readonly command: 'build' | 'plan' | 'report' | 'sweep';
  readonly templates: readonly string[];
  readonly layers: readonly string[];
  /** Empty: all. */
  readonly architectures: readonly Architecture[];
  readonly select: 'auto' | 'affected' | 'all';
  readonly base: string | undefined;
  readonly noCache: boolean;
  readonly reuse: Reuse;
  readonly scope: string | undefined;
  readonly allowUncommitted: boolean;
  readonly awsRegion: string | undefined;
  readonly roleToAssume: string | undefined;
  readonly roleSessionName: string | undefined;
  readonly roleDurationSeconds: number;
  readonly audience: string;
  readonly instanceProfile: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly instanceType: string | undefined;
  readonly spot: 'auto' | 'true' | 'false';
  readonly chainBuilds: boolean;
  readonly maxParallel: number;
  readonly maxDepth: number;
  readonly failFast: boolean;
  readonly onCancel: OnCancel;
  readonly maxWaitMinutes: number | undefined;
  /** Milliseconds. */
  readonly takeoverAfterMs: number;
  readonly pollIntervalSeconds: number;
  readonly tagLatest: 'auto' | 'true' | 'false';
  readonly comment: 'auto' | 'always' | 'never';
  readonly commentId: string;
  readonly prNumber: number | undefined;
  readonly planFile: string;
  readonly summary: boolean;
  readonly annotations: boolean;
  readonly githubToken: string;
  readonly workingDirectory: string;
  readonly dryRun: boolean;
  readonly runId: string | undefined;
  /** Milliseconds. */
  readonly olderThanMs: number | undefined;
}

const list = z.string().transform((text) =>
  text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);
const ARCHITECTURES = ['x86_64', 'arm64'] as const satisfies readonly Architecture[];
const optional = z.string().transform((text) => (text === '' ? undefined : text));

const boolean = z.stringbool({ truthy: ['true'], falsy: ['false'] });

const optionalNumber = z.string().transform((text, context) => {
  if (text === '') return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    context.addIssue({ code: 'custom', message: 'give a whole number, or nothing' });
  }
  return number;
});

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === undefined) context.addIssue({ code: 'custom', message: `give a time such as ${DURATION_EXAMPLES}` });
  return ms ?? 0;
});

const optionalDuration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === undefined && text !== '') {
    context.addIssue({ code: 'custom', message: `give a time such as ${DURATION_EXAMPLES}` });
  }
  return ms;
});

const schema = z.object({
  command: z.enum(['build', 'plan', 'report', 'sweep']),
  templates: list,
  layers: list,
  architectures: list.pipe(z.array(z.enum(ARCHITECTURES))),
  select: z.enum(['auto', 'affected', 'all']),
  base: optional,
  'no-cache': boolean,
  reuse: z.enum(['any', 'trusted']),
  scope: optional.refine((text) => text === undefined || SCOPE.test(text), `give ${SCOPE_WORDS}`),
  'allow-uncommitted': boolean,
  'aws-region': optional,
  'role-to-assume': optional,
  'role-session-name': optional,
  'role-duration-seconds': z.coerce.number().int().min(900).max(43_200),
  audience: z.string().min(1),
  'instance-profile': optional,
  'security-group-ids': list,
  'subnet-ids': list,
  'instance-type': optional,
  spot: z.enum(['auto', 'true', 'false']),
  'chain-builds': boolean,
  'max-parallel': z.coerce.number().int().min(1).max(100),
  'max-depth': z.coerce.number().int().min(1).max(100),
  'fail-fast': boolean,
  'on-cancel': z.enum(['terminate', 'keep']),
  'max-wait-minutes': optionalNumber,
  'takeover-after': duration.refine((ms) => ms >= LEAST_TAKEOVER_MS, 'give at least 30s'),
  'poll-interval-seconds': z.coerce.number().min(0.05).max(300),
  'tag-latest': z.enum(['auto', 'true', 'false']),
  comment: z.enum(['auto', 'always', 'never']),
  'comment-id': z.string().regex(/^[A-Za-z0-9._-]{1,50}$/),
  'pr-number': optionalNumber,
  'plan-file': z.string().min(1),
  summary: boolean,
  annotations: boolean,
  'github-token': z.string(),
  'working-directory': z.string().min(1),
  'dry-run': boolean,
  'run-id': optional,
  'older-than': optionalDuration,
});

export type InputName = keyof typeof schema.shape;

/** Reads all inputs; all their problems at once. `read` gives an input's text, as the runner sets it. */
export function parseInputs(
  read: (name: InputName) => string,
): { readonly inputs: Inputs } | { readonly diagnostics: readonly Diagnostic[] } {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, read(name as InputName).trim()]));
  // There is one to parse: compiling the schema for it would take longer.
  const parsed = schema.safeParse(raw, { jitless: true });
  if (!parsed.success) return { diagnostics: parsed.error.issues.map((issue) => problem(issue, raw)) };
  const values = parsed.data;
  return {
    inputs: {
      command: values.command,
      templates: values.templates,
      layers: values.layers,
      architectures: values.architectures,
      select: values.select,
      base: values.base,
      noCache: values['no-cache'],
      reuse: values.reuse,
      scope: values.scope,
      allowUncommitted: values['allow-uncommitted'],
      awsRegion: values['aws-region'],
      roleToAssume: values['role-to-assume'],
      roleSessionName: values['role-session-name'],
      roleDurationSeconds: values['role-duration-seconds'],
      audience: values.audience,
      instanceProfile: values['instance-profile'],
      securityGroupIds: values['security-group-ids'],
      subnetIds: values['subnet-ids'],
      instanceType: values['instance-type'],
      spot: values.spot,
      chainBuilds: values['chain-builds'],
      maxParallel: values['max-parallel'],
      maxDepth: values['max-depth'],
      failFast: values['fail-fast'],
      onCancel: values['on-cancel'],
      maxWaitMinutes: values['max-wait-minutes'],
      takeoverAfterMs: values['takeover-after'],
      pollIntervalSeconds: values['poll-interval-seconds'],
      tagLatest: values['tag-latest'],
      comment: values.comment,
      commentId: values['comment-id'],
      prNumber: values['pr-number'],
      planFile: values['plan-file'],
      summary: values.summary,
      annotations: values.annotations,
      githubToken: values['github-token'],
      workingDirectory: values['working-directory'],
      dryRun: values['dry-run'],
      runId: values['run-id'],
      olderThanMs: values['older-than'],
    },
  };
}

function problem(issue: z.core.$ZodIssue, raw: Readonly<Record<string, string>>): Diagnostic {
  const name = String(issue.path[0]);
  const allowed = issue.code === 'invalid_value' ? `use one of: ${issue.values.map(String).join(', ')}.` : undefined;
  return {
    code: 'bad-input',
    message: `the input \`${name}\` is "${raw[name] ?? ''}"`,
    fix: allowed ?? `${issue.message}; see action.yml for what it takes.`,
  };
}
