import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { manifestOf, manifestText, type ManifestCache } from '../commands/manifest.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { diffManifests } from '../images/manifest.js';
import { renderManifestDiff } from '../report/manifest-diff.js';
import { renderSbom } from '../report/sbom.js';
import type { ManifestFlags } from './manifest-flags.js';
import { openSession } from './session.js';
import type { Terminal } from './terminal.js';

const SANDBOX_POLL_SECONDS = 0.2;

/** `ami-layers manifest <image>`; returns the exit status. */
export async function runManifest(subject: string, flags: ManifestFlags, terminal: Terminal): Promise<number> {
  terminal.out((await textOf(subject, flags, terminal)).trimEnd());
  return 0;
}

/** `ami-layers diff <before> <after>`; returns the exit status. */
export async function runDiff(
  [before, after]: readonly [string, string],
  flags: ManifestFlags,
  terminal: Terminal,
): Promise<number> {
  const read = async (subject: string) => manifestOf(subject, await textOf(subject, flags, terminal));
  const [old, now] = await Promise.all([read(before), read(after)]);
  const changes = diffManifests(old, now);
  if (flags.json === true) terminal.out(JSON.stringify({ before, after, changes }, undefined, 2));
  else for (const line of renderManifestDiff(changes)) terminal.out(line);
  return 0;
}

/** `ami-layers sbom <image>`; returns the exit status. */
export async function runSbom(subject: string, flags: ManifestFlags, terminal: Terminal): Promise<number> {
  const manifest = manifestOf(subject, await textOf(subject, flags, terminal));
  terminal.out(renderSbom(manifest, { tool: terminal.version, subject }));
  return 0;
}

/** A file that holds a manifest, or an image of which one is read. */
async function textOf(subject: string, flags: ManifestFlags, terminal: Terminal): Promise<string> {
  const file = resolve(terminal.directory, subject);
  if (!/^ami-[0-9a-f]+$/.test(subject)) {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    const fix = 'give an image id such as ami-0123456789abcdef0, or a file that `ami-layers manifest` wrote.';
    throw new InvalidInput([{ code: 'bad-input', message: `"${subject}" is no image id and no file`, fix }]);
  }
  const cache = cacheIn(terminal);
  const known = cache.read(subject);
  if (known !== undefined) return known;
  const { ports, region } = await openSession(flags, terminal);
  if (region === undefined) {
    const message = 'there is no Region to look in';
    throw new InvalidInput([{ code: 'bad-input', message, fix: 'give --region, or set AWS_REGION.' }]);
  }
  const placement = {
    instanceProfile: flags.instanceProfile ?? (flags.sandbox === true ? 'sandbox' : undefined),
    subnetIds: flags.subnetId === undefined ? [] : [flags.subnetId],
    securityGroupIds: flags.securityGroupId === undefined ? [] : [flags.securityGroupId],
    instanceType: undefined,
    spot: 'never' as const,
  };
  const onLaunch = (): void => terminal.err(`Launching an instance of ${subject} to read its manifest…`);
  const pollIntervalMs = 1000 * Math.min(flags.pollInterval, flags.sandbox === true ? SANDBOX_POLL_SECONDS : Infinity);
  return manifestText(subject, { region, placement, pollIntervalMs }, { ports, cache, onLaunch });
}

/** An image never changes, and ids are unique in the world. */
function cacheIn({ env }: Terminal): ManifestCache {
  const folder = env.XDG_CACHE_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.cache'));
  const fileOf = (imageId: string) => folder && join(folder, 'ami-layers', 'manifests', `${imageId}.json`);
  return {
    read: (imageId) => {
      const file = fileOf(imageId);
      return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    },
    write: (imageId, text) => {
      const file = fileOf(imageId);
      if (file === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
  };
}
