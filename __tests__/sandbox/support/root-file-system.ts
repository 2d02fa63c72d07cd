import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a machine boots with, and what the tests call. */
const PROGRAMS = [
  'sh',
  'bash',
  'cat',
  'chmod',
  'echo',
  'env',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mkfifo',
  'rm',
  'rmdir',
  'sleep',
  'touch',
  'tr',
  'umount',
];

/**
 * A small root file system of its own name, made of this machine's programs and the libraries that they need.
 *
 * @param further programs beside those that a machine boots with.
 */
export function makeRootFileSystem(root: string, further: readonly string[] = []): void {
  for (const directory of ['usr/bin', 'usr/sbin', 'usr/lib', 'etc', 'var', 'root', 'tmp']) {
    mkdirSync(path.join(root, directory), { recursive: true });
  }
  symlinkSync('usr/bin', path.join(root, 'bin'));
  symlinkSync('/usr/sbin', path.join(root, 'sbin'));
  writeFileSync(path.join(root, 'etc/os-release'), 'NAME="Test Linux"\nVERSION_ID="7"\nID=testlinux\n');
  const programs = [...PROGRAMS, ...further].map(
    (name) => ['/usr/bin', '/bin'].map((folder) => `${folder}/${name}`).find(existsSync) ?? name,
  );
  for (const program of programs) cpSync(realpathSync(program), path.join(root, 'usr/bin', path.basename(program)));
  for (const library of librariesOf(programs)) {
    const target = path.join(root, library);
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(realpathSync(library), target);
  }
}

function librariesOf(programs: readonly string[]): ReadonlySet<string> {
  const listed = execFileSync('ldd', programs, { encoding: 'utf8' });
  return new Set([...listed.matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library));
}
