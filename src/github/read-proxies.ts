import { getProxyUrl } from '@actions/http-client/lib/proxy';
import type { Environment } from './event.js';

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/**
 * Which proxy the environment names for a URL, read as the toolkit reads it: `NO_PROXY` covers subdomains, and this
 * machine itself is never reached through one. Undefined where no variable names a proxy.
 */
export function readProxies(env: Environment): ((url: URL) => URL | undefined) | undefined {
  const isSet = VARIABLES.some((name) => (env[name] ?? '') !== '');
  return isSet ? getProxyUrl : undefined;
}
