import { positionOf, type Span } from '../diagnostics/diagnostic.js';
import { unbroken } from './markdown.js';
import type { RunIdentity } from '../run-identity.js';

/** Longer addresses are left out: they cost more of a comment than they give. */
const LONGEST_URL = 1_000;

/** Where AWS's console is for Regions outside the commercial partition, by the start of the Region's name. */
const CONSOLE_HOSTS = [
  { region: 'us-gov-', host: () => 'console.amazonaws-us-gov.com' },
  { region: 'cn-', host: () => 'console.amazonaws.cn' },
  { region: '', host: (region: string) => `${region}.console.aws.amazon.com` },
] as const;

/** The image in the EC2 console. */
export function imageUrl(region: string, imageId: string): string | undefined {
  const place = CONSOLE_HOSTS.find((candidate) => region.startsWith(candidate.region));
  if (place === undefined || !/^[a-z0-9-]+$/.test(region) || !/^ami-[0-9a-z]+$/.test(imageId)) return undefined;
  return `https://${place.host(region)}/ec2/home?region=${region}#ImageDetails:imageId=${imageId}`;
}

/** The line of a template on GitHub, when the run knows its repository and commit. */
export function spanUrl(run: RunIdentity, span: Span): string | undefined {
  const server = serverOf(run);
  if (server === undefined || run.commit === undefined) return undefined;
  const path = span.source.path.split('/').map(encodeURIComponent).join('/');
  const url = `${server}/${run.repository}/blob/${run.commit}/${path}#L${positionOf(span).line}`;
  return url.length <= LONGEST_URL ? url : undefined;
}

/** `[run #118](https://…)`, or only the words when there is no address. */
export function renderRun(run: RunIdentity): string {
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const words = run.repository === undefined ? 'local run' : `run #${run.number}${attempt}`;
  return run.url === undefined ? words : `[${words}](${run.url})`;
}

/** `ami-0b7e…`: enough to recognise an image by, where its whole id would push the rest aside. Nothing to copy. */
export function shortImageId(imageId: string): string {
  return imageId.length <= 12 ? imageId : unbroken(`${imageId.slice(0, 8)}…`);
}

/** The run's address begins with the server's: the one place where a report knows about GitHub Enterprise. */
function serverOf({ url, repository }: RunIdentity): string | undefined {
  if (url === undefined || repository === undefined) return undefined;
  const end = url.indexOf(`/${repository}/`);
  return end < 0 ? undefined : url.slice(0, end);
}
