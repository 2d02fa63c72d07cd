import type { Placement } from '../build/context.js';
import { keptManifest } from '../build/kept-manifest.js';
import { readManifest } from '../build/read-manifest.js';
import { InvalidInput } from '../diagnostics/diagnostic.js';
import { parseManifest, type Manifest } from '../images/manifest.js';
import type { Ports } from './ports.js';

export interface ManifestOptions {
  readonly region: string;
  readonly placement: Placement;
  readonly pollIntervalMs: number;
}

/** Manifests that were read before, by image id: an image never changes. */
export interface ManifestCache {
  readonly read: (imageId: string) => string | undefined;
  readonly write: (imageId: string, text: string) => void;
}

export interface ManifestPorts {
  readonly ports: Pick<Ports, 'cloudIn' | 'clock' | 'run' | 'signal'>;
  readonly cache: ManifestCache;
  /** Told before an instance is launched. */
  readonly onLaunch: () => void;
}

/** The manifest of an image of this tool, as text. Launches a test instance where neither the cache nor AWS still has it. */
export async function manifestText(
  imageId: string,
  { region, placement, pollIntervalMs }: ManifestOptions,
  { ports, cache, onLaunch }: ManifestPorts,
): Promise<string> {
  const known = cache.read(imageId);
  if (known !== undefined) return known;
  const cloud = ports.cloudIn(region);
  const image = (await cloud.listImages()).find((listed) => listed.imageId === imageId);
  if (image === undefined) {
    const message = `ami-layers made no image ${imageId} in ${region}`;
    throw new InvalidInput([
      { code: 'bad-input', message, fix: 'see `ami-layers list`, or name its Region with --region.' },
    ]);
  }
  const { clock, run, signal } = ports;
  const kept = await keptManifest(image, cloud, clock.now());
  if (kept.kind !== 'kept') onLaunch();
  const text =
    kept.kind === 'kept'
      ? kept.text
      : await readManifest(image, { cloud, clock, run, signal, placement, pollIntervalMs });
  cache.write(imageId, text);
  return text;
}

/** Throws `InvalidInput` when the text is none; `subject` is the image or file it came from. */
export function manifestOf(subject: string, text: string): Manifest {
  const manifest = parseManifest(text);
  if (manifest !== undefined) return manifest;
  const message = `what ${subject} holds is no manifest of ami-layers`;
  throw new InvalidInput([
    { code: 'bad-input', message, fix: 'name an image id, or a file that `ami-layers manifest` wrote.' },
  ]);
}
