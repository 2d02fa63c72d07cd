import { PackageURL } from 'packageurl-js';
import type { Manifest, ManifestPackage } from '../images/manifest.js';

export interface SbomSource {
  /** Version of ami-layers. */
  readonly tool: string;
  /** The image id, or the file, that the manifest came from. */
  readonly subject: string;
}

/** A manifest as a software bill of materials: CycloneDX 1.6, JSON. The same manifest gives the same text. */
export function renderSbom(manifest: Manifest, { tool, subject }: SbomSource): string {
  const top = manifest.layers.at(-1);
  return JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        tools: { components: [{ type: 'application', name: 'ami-layers', version: tool }] },
        component: {
          type: 'operating-system',
          'bom-ref': subject,
          name: top?.name ?? subject,
          version: top?.version ?? top?.templateHash.slice(0, 12) ?? '',
          properties: manifest.layers.map(({ name, templateHash }) => ({
            name: `ami-layers:layer:${name}`,
            value: templateHash,
          })),
        },
      },
      components: manifest.packages.map((found) => {
        const purl = purlOf(found, manifest.system);
        return { type: 'library', 'bom-ref': purl, name: found.name, version: found.version, purl };
      }),
    },
    undefined,
    2,
  );
}

/** Vendors are called otherwise in package URLs than in /etc/os-release. */
const VENDORS: Readonly<Record<string, string>> = { rhel: 'redhat' };

function purlOf({ type, name, version, architecture }: ManifestPackage, system: Manifest['system']): string {
  const vendor = VENDORS[system.id] ?? system.id;
  const distro = `${system.id}-${system.version}`;
  const arch = architecture === undefined ? {} : { arch: architecture };
  switch (type) {
    case 'deb':
      return new PackageURL('deb', vendor, name, version, { ...arch, distro }, null).toString();
    case 'rpm': {
      const [, epoch, rest = version] = /^(\d+):(.*)$/s.exec(version) ?? [];
      const qualifiers = { ...arch, distro, ...(epoch === undefined ? {} : { epoch }) };
      return new PackageURL('rpm', vendor, name, rest, qualifiers, null).toString();
    }
    case 'pip':
      return new PackageURL('pypi', null, name, version, null, null).toString();
    case 'conda':
      return new PackageURL('conda', null, name, version, null, null).toString();
    // Spack has no type of its own among package URLs.
    default:
      return new PackageURL('generic', type, name, version, arch, null).toString();
  }
}
