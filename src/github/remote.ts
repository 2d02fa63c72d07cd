import type { Environment } from './event.js';

/** The repository on GitHub, for commits that a checkout does not have. */
export interface Remote {
  /** `https://github.com`, or a GitHub Enterprise Server. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  /** Empty: none. */
  readonly token: string;
  /** The whole environment of git. */
  readonly environment: Environment;
}

/** Where this run's repository is; undefined outside GitHub. */
export function readRemote(env: Environment, token: string): Remote | undefined {
  const { GITHUB_SERVER_URL: serverUrl, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl } = env;
  if (serverUrl === undefined || repository === undefined || apiUrl === undefined) return undefined;
  return { serverUrl, apiUrl, repository, token, environment: gitEnvironment(env, serverUrl, token) };
}

/**
 * The token goes to git in its environment, for this server only: a command line is for everybody to read. The empty
 * value first removes the header that actions/checkout may have left; two of them are an error to GitHub.
 */
function gitEnvironment(env: Environment, serverUrl: string, token: string): Environment {
  const unattended = { ...env, GIT_TERMINAL_PROMPT: '0' };
  if (token === '' || !/^https?:/.test(serverUrl)) return unattended;
  const header = `http.${serverUrl}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...unattended,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: header,
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: header,
    GIT_CONFIG_VALUE_1: `AUTHORIZATION: basic ${basic}`,
  };
}
