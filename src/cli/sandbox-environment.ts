import type { Environment } from '../github/event.js';
import { SANDBOX_REGION, type Sandbox } from './sandbox-door.js';

/** What an AWS client would rather listen to than to the variables of the sandbox: a real session, a profile. */
const IN_THE_WAY = [
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL_EC2',
  'AWS_ENDPOINT_URL_SSM',
  'AWS_ENDPOINT_URL_STS',
];

/** The variables that lead an AWS client to the sandbox; its Region is the user's where there is one. */
export function clientEnvironment({ environment }: Sandbox, env: Environment): Readonly<Record<string, string>> {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? SANDBOX_REGION;
  return { ...environment, AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

/** The same as lines for `eval` in any POSIX shell. */
export function renderExports(sandbox: Sandbox, env: Environment): readonly string[] {
  const unset = IN_THE_WAY.filter((name) => env[name] !== undefined);
  return [
    ...Object.entries(clientEnvironment(sandbox, env)).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(unset.length > 0 ? [`unset ${unset.join(' ')}`] : []),
  ];
}

function quoted(text: string): string {
  return /^[\w:/.@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
