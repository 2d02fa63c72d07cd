import { z } from 'zod';

const layer = z.object({
  name: z.string(),
  version: z.string().optional(),
  architecture: z.string(),
  templateHash: z.string(),
  base: z.string().optional(),
});

const manifestPackage = z.object({
  type: z.string(),
  name: z.string(),
  version: z.string(),
  architecture: z.string().optional(),
});

const manifest = z.object({
  format: z.literal(1),
  system: z.object({ id: z.string(), version: z.string() }),
  layers: z.array(layer),
  packages: z.array(manifestPackage),
});

/** What an image is made of, as its builder wrote it down before the seal. */
export type Manifest = z.output<typeof manifest>;
export type ManifestPackage = z.output<typeof manifestPackage>;

/** The manifest of a text, or undefined when it is none. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A package that two images do not have alike; several versions of one name may be installed. */
export interface PackageChange {
  readonly type: string;
  readonly name: string;
  /** Empty: it was not there. */
  readonly before: readonly string[];
  /** Empty: it is gone. */
  readonly after: readonly string[];
}

/** What differs between two manifests, sorted by type and name. */
export function diffManifests(before: Manifest, after: Manifest): readonly PackageChange[] {
  const [old, now] = [versionsByName(before), versionsByName(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const versions = { before: old.get(key) ?? [], after: now.get(key) ?? [] };
    if (versions.before.join('\n') === versions.after.join('\n')) return [];
    const [type = '', name = ''] = key.split('\t');
    return [{ type, name, ...versions }];
  });
}

function versionsByName({ packages }: Manifest): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, Set<string>>();
  for (const { type, name, version } of packages) {
    const key = `${type}\t${name}`;
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  return new Map([...versions].map(([key, found]) => [key, [...found].sort()]));
}
