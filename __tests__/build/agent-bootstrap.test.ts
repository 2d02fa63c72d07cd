import { afterEach, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentBootstrap } from '../../src/build/agent-bootstrap.js';
import { AGENT_SIGNING_KEY } from '../../src/build/agent-signing-key.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Programs that are real, by whichever path this machine has them. */
const REAL = ['sh', 'bash', 'mktemp', 'rm', 'touch', 'base64', 'cp'];

/** Runs the script on a PATH with nothing but these stand-ins, which write down how they are called. */
function calls(script: string, programs: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  folders.push(folder);
  const bin = join(folder, 'bin');
  const log = join(folder, 'log');
  mkdirSync(bin);
  for (const name of REAL)
    symlinkSync(['/usr/bin', '/bin'].map((at) => join(at, name)).find(existsSync) ?? '', join(bin, name));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${log}'\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(log, '');
  execFileSync(join(bin, 'sh'), ['-c', script], { env: { PATH: bin, TMPDIR: folder }, stdio: 'pipe' });
  return readFileSync(log, 'utf8').trim().split('\n');
}

const alias = (name: string) => ({ kind: 'alias', alias: name }) as const;
const DEB = 'amazon-ssm-agent.deb';
const RPM = 'amazon-ssm-agent.rpm';

test('the agent comes from the bucket of the Region, for the package manager and machine that are there', () => {
  const download = 'while [ $# -gt 1 ]; do if [ "$1" = --output ]; then touch "$2"; fi; shift; done';
  const nothing = { sleep: '', systemctl: '', gpgv: '' };
  expect(
    calls(agentBootstrap(alias('debian-12'), 'us-west-2'), {
      ...nothing,
      uname: 'echo x86_64',
      curl: download,
      dpkg: '[ -e "$2" ]',
    }),
  ).toEqual([
    'uname -m',
    ...[DEB, `${DEB}.sig`].map(
      (file) =>
        `curl --fail --silent --show-error --output ${file} https://s3.us-west-2.amazonaws.com/amazon-ssm-us-west-2/latest/debian_amd64/${file}`,
    ),
    `gpgv --keyring ./key.gpg ${DEB}.sig ${DEB}`,
    `dpkg --install ${DEB}`,
    'systemctl enable --now amazon-ssm-agent',
  ]);
  expect(
    calls(agentBootstrap(alias('rocky-9'), 'cn-north-1'), {
      ...nothing,
      uname: 'echo aarch64',
      wget: 'touch "$3"',
      rpm: '[ -e "$2" ]',
    }),
  ).toEqual([
    'uname -m',
    ...[RPM, `${RPM}.sig`].map(
      (file) =>
        `wget --quiet --output-document ${file} https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/latest/linux_arm64/${file}`,
    ),
    `gpgv --keyring ./key.gpg ${RPM}.sig ${RPM}`,
    `rpm --install ${RPM}`,
    'systemctl enable --now amazon-ssm-agent',
  ]);
});

test('a download that fails is tried again, and an agent that is there is left alone', () => {
  const once =
    '[ -e "$TMPDIR/tried" ] && { while [ $# -gt 1 ]; do shift; touch "${1##*/}"; done; exit 0; }; touch "$TMPDIR/tried"; exit 22';
  const tried = calls(agentBootstrap(alias('rhel-9'), 'us-east-1'), {
    uname: 'echo x86_64',
    sleep: '',
    systemctl: '',
    gpgv: '',
    curl: once,
    rpm: '',
  });
  expect(tried.map((call) => call.split(' ', 1)[0])).toEqual([
    'uname',
    'curl',
    'sleep',
    'curl',
    'curl',
    'gpgv',
    'rpm',
    'systemctl',
  ]);
  expect(calls(agentBootstrap(alias('alma-9'), 'us-east-1'), { 'amazon-ssm-agent': '' })).toEqual(['']);
});

const hasGpg = spawnSync('gpg', ['--version']).status === 0 && spawnSync('gpgv', ['--version']).status === 0;

test('a package is installed only when it is signed by the key, by a gpgv that is there', () => {
  if (!hasGpg) {
    console.warn('gpg is not installed: signatures were not tried');
    return;
  }
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  folders.push(home);
  const gpg = (...args: readonly string[]): Buffer =>
    execFileSync(
      'gpg',
      ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  const [own, other] = ['own@example.com', 'other@example.com'] as const;
  for (const user of [own, other]) gpg('--quick-generate-key', user, 'ed25519', 'sign', 'never');
  const key = gpg('--export', own).toString('base64');
  const install = (signer: string, change = '', gpgv = 'exec /usr/bin/gpgv "$@"'): readonly string[] => {
    const published = join(home, 'published');
    writeFileSync(published, 'a package');
    rmSync(`${published}.sig`, { force: true });
    gpg('--local-user', signer, '--output', `${published}.sig`, '--detach-sign', published);
    writeFileSync(published, `a package${change}`);
    const curl = `case $5 in *.sig) cp '${published}.sig' "$5" ;; *) cp '${published}' "$5" ;; esac`;
    const programs = { uname: 'echo x86_64', systemctl: '', dpkg: '', curl, ...(gpgv === '' ? {} : { gpgv }) };
    return calls(agentBootstrap(alias('debian-12'), 'us-east-1', key), programs);
  };
  expect(install(own)).toContain(`dpkg --install ${DEB}`);
  expect(() => install(other)).toThrow('is not signed by AWS');
  expect(() => install(own, ' and more')).toThrow('is not signed by AWS');
  expect(() => install(own, '', '')).toThrow('is not signed by AWS');
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
});

test('the key is the one whose fingerprint AWS has published', () => {
  if (!hasGpg) {
    console.warn('gpg is not installed: the key was not looked at');
    return;
  }
  const input = Buffer.from(AGENT_SIGNING_KEY, 'base64');
  const shown = execFileSync('gpg', ['--with-colons', '--show-keys'], { input, stdio: ['pipe', 'pipe', 'ignore'] });
  expect(shown.toString()).toContain(':1C5B395CBE5E74E2F1CA21592784DBF388D19D46:');
});

test('images that have the agent get nothing', () => {
  for (const name of ['al2023', 'ubuntu-24.04', 'dlami-al2023'])
    expect(agentBootstrap(alias(name), 'us-east-1')).toBe('');
  expect(agentBootstrap({ kind: 'ami', imageId: 'ami-01234567' }, 'us-east-1')).toBe('');
});
