import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPrivilege } from '../../../sandbox/machine/privilege.js';
import { makeRootFileSystem } from '../../sandbox/support/root-file-system.js';

/** What the seal calls, beside what every machine has. */
const PROGRAMS = ['cut', 'find', 'grep', 'md5sum', 'sha256sum', 'sort', 'stat', 'sync', 'timeout', 'truncate'];

/** An account of a person, one of a service, and those whose homes are none. */
const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
kernel:x:200:200::/proc:/usr/sbin/nologin
missing:x:201:201::/nonexistent:/usr/sbin/nologin
somebody:x:1000:1000::/home/somebody:/bin/bash
app:x:300:300::/srv/app:/bin/bash
again:x:301:301::/srv/app/:/bin/bash
`;

/** Every home that is one. */
export const HOMES = ['/root', '/home/somebody', '/srv/app', '/etc/skel', ''];

export interface ScriptEnd {
  readonly status: number | null;
  readonly lines: readonly string[];
}

/** The disk of a small instance, for scripts that run with it as their root. */
export interface SmallDisk {
  readonly write: (file: string, text: string) => void;
  readonly link: (file: string, target: string) => void;
  readonly has: (file: string) => boolean;
  readonly run: (script: string) => ScriptEnd;
  readonly remove: () => void;
}

let pristine: string | undefined;

export async function smallDisk(): Promise<SmallDisk> {
  const privilege = await findPrivilege({ base: 'a directory' });
  const root = mkdtempSync(path.join(tmpdir(), 'ami-disk-'));
  if (pristine === undefined) {
    pristine = mkdtempSync(path.join(tmpdir(), 'ami-disk-'));
    makeRootFileSystem(pristine, PROGRAMS);
  }
  cpSync(pristine, root, { recursive: true, verbatimSymlinks: true });
  const at = (file: string): string => path.join(root, file);
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  write('/etc/passwd', PASSWD);
  for (const folder of [...HOMES, '/proc', '/dev', '/run', '/var/lib', '/opt'])
    mkdirSync(at(folder), { recursive: true });
  writeFileSync(at('/dev/null'), '');
  return {
    write,
    link: (file, target) => {
      mkdirSync(path.dirname(at(file)), { recursive: true });
      symlinkSync(target, at(file));
    },
    has: (file) => existsSync(at(file)),
    run: (script) => {
      const [program, ...args] = [...privilege, 'chroot', root, '/usr/bin/bash'];
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };
      const { status, stdout, stderr } = spawnSync(program, args, { env, input: script, encoding: 'utf8' });
      return { status, lines: (stdout + stderr).split('\n').filter((line) => line !== '') };
    },
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

/** Removes what the disks are made from. */
export function forgetDisks(): void {
  if (pristine !== undefined) rmSync(pristine, { recursive: true });
  pristine = undefined;
}
