import type { IncomingHttpHeaders } from 'node:http';

/** Names of this machine for itself, and the address that means any of its own. */
const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(:\d{1,5})?$/i;
/** What AWS's own clients ask for when a proxy or a certificate makes the sandbox stand under its names. */
const AMAZON = /^(ec2|ssm|sts|ebs|api\.pricing)(\.[a-z0-9-]+)?\.amazonaws\.com(:\d{1,5})?$/i;

/**
 * Why a request is none of the owner's programs, whatever it shows: a web page has led a browser here, under a name of its
 * own that it has pointed at this machine (DNS rebinding), or from its own pages. Undefined: it may be one. The port is
 * not compared, because a name is what a page can choose, and the Host is signed.
 */
export function foreignOrigin(headers: IncomingHttpHeaders): string | undefined {
  const { host = '', origin, referer } = headers;
  if (!LOCAL.test(host) && !AMAZON.test(host)) return 'the Host header names another machine';
  if (origin !== undefined || referer !== undefined) return 'web pages may not ask';
  // Browsers send it with every request, other programs never (https://www.w3.org/TR/fetch-metadata/).
  if (headers['sec-fetch-site'] !== undefined) return 'web pages may not ask';
  return undefined;
}
