import type { LayerFiles } from './layer-files.js';
import type { Encryption, Publication, Seal, Secret, User } from './layer.js';
import { readNamedScript } from './make-steps.js';
import type { Draft } from './parse-template.js';
import type { Template } from './schema.js';

export function secretOf(secret: Template['secrets'][number]): Secret {
  return 'ssm' in secret
    ? { name: secret.name, service: 'ssm', id: secret.ssm }
    : { name: secret.name, service: 'secretsmanager', id: secret.secretsmanager };
}

/** Two entries of one name are one user; the later one's values win. */
export function makeUsers(users: Template['users']): readonly User[] {
  const byName = new Map<string, User>();
  for (const { name, uid, gid, groups, shell, home } of users) {
    const before = byName.get(name);
    byName.set(name, {
      name,
      uid: uid ?? before?.uid,
      gid: gid ?? before?.gid,
      groups: [...new Set([...(before?.groups ?? []), ...groups])],
      shell: shell ?? before?.shell,
      home: home ?? before?.home,
    });
  }
  return [...byName.values()];
}

export function makeSeal({ template, tree }: Draft, files: LayerFiles): Seal {
  const { script, allow } = template.seal;
  return {
    script: script === undefined ? undefined : readNamedScript(script, tree.spanOf(['seal', 'script']), files),
    allow,
  };
}

export function encryptionOf(encrypt: Template['encrypt']): Encryption | undefined {
  return encrypt === undefined ? undefined : { kmsKey: encrypt.kms_key, regionKmsKeys: encrypt.region_kms_keys };
}

export function publicationOf({ regions = [], share, lifecycle, auto, ami_config: amiConfig }: Template): Publication {
  return { copyRegions: regions.slice(1), share, lifecycle, auto, amiConfig };
}
