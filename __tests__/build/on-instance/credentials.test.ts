import { afterAll, afterEach, expect, test } from '@jest/globals';
import { CREDENTIAL_FILES } from '../../../src/build/on-instance/credentials/credential-files.js';
import { INSTANCE_FILES } from '../../../src/build/on-instance/credentials/instance-files.js';
import { EXPECTED_KEYS } from '../../../src/build/on-instance/credentials/private-keys.js';
import { sealScript, SECRETS_FOUND } from '../../../src/build/on-instance/seal.js';
import { sealedStateScript } from '../../../src/build/on-instance/sealed-state.js';
import { SAMPLES } from './credential-samples.js';
import { forgetDisks, HOMES, smallDisk, type SmallDisk } from './small-disk.js';

const disks: SmallDisk[] = [];
afterEach(() => {
  for (const { remove } of disks.splice(0)) remove();
});
afterAll(forgetDisks);

async function newDisk(): Promise<SmallDisk> {
  const disk = await smallDisk();
  disks.push(disk);
  return disk;
}

const FOUND = 'credentials or private keys on the disk:';
const LATE = 'written after the seal, by a process that a step left running or a service that starts at boot:';

/** Files that a pattern means, one for each of its alternatives. */
function filesOf(pattern: string): readonly string[] {
  const group = /([@?!])\(([^()]*)\)/.exec(pattern);
  if (group === null) return [pattern.replaceAll('[-.]', '-').replaceAll('*', 'some')];
  const [whole, kind, words = ''] = group;
  const alternatives = kind === '!' ? ['other'] : [...words.split('|'), ...(kind === '?' ? [''] : [])];
  return alternatives.flatMap((word) => filesOf(pattern.replace(whole, () => word)));
}

/** The same in every home, or on the machine. */
function placesOf(pattern: string): readonly string[] {
  const files = filesOf(pattern);
  return pattern.startsWith('/') ? files : HOMES.flatMap((home) => files.map((file) => `${home}/${file}`));
}

function leaking(path: string, holds: string | undefined): string {
  return holds === undefined ? 'anything\n' : (SAMPLES[path]?.[0] ?? '');
}

test('every file that is judged by what it holds has samples, and every file of the tables a source', () => {
  const judged = CREDENTIAL_FILES.filter(({ holds }) => holds !== undefined).map(({ path }) => path);
  expect(Object.keys(SAMPLES).sort()).toEqual([...judged].sort());
  const all = [...CREDENTIAL_FILES, ...INSTANCE_FILES];
  expect(all.filter(({ source, what }) => source.length < 8 || what.length < 8)).toEqual([]);
  expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
});

test('every credential is found in every home and on the machine, by the seal and after it; nothing is removed', async () => {
  const disk = await newDisk();
  const expected = new Set<string>();
  for (const { path, what, holds } of CREDENTIAL_FILES) {
    for (const place of placesOf(path)) {
      disk.write(place, leaking(path, holds));
      expected.add(`  ${place} (${what})`);
    }
  }
  disk.write('/root/.bash_history', 'words\n');
  const lines = [...expected].sort();
  const sealed = disk.run(sealScript([]));
  expect([...sealed.lines].sort()).toEqual([...lines, FOUND].sort());
  expect(sealed.status).toBe(SECRETS_FOUND);
  expect(disk.has('/root/.bash_history')).toBe(true);
  const fresh = disk.run(sealedStateScript([]));
  expect([...fresh.lines].sort()).toEqual([...lines, LATE, '  /root/.bash_history (a history)'].sort());
  expect(fresh.status).toBe(1);
});

test('what the same programs write without a credential, and empty files, may stay', async () => {
  const disk = await newDisk();
  for (const { path, holds } of CREDENTIAL_FILES) {
    const text = holds === undefined ? '' : (SAMPLES[path]?.[1] ?? 'no sample');
    for (const place of placesOf(path)) disk.write(place, text);
  }
  expect(disk.run(sealedStateScript([]))).toEqual({ status: 0, lines: [] });
  expect(disk.run(sealScript([]))).toEqual({ status: 0, lines: [] });
});

test('what `seal.allow` names may stay, in the image and on the fresh instance, and nothing beside it', async () => {
  const disk = await newDisk();
  disk.write('/etc/munge/munge.key', 'random');
  disk.write('/srv/app/.netrc', 'machine a.example password b\n');
  disk.write('/srv/app/.netrc2/.netrc', 'machine a.example password b\n');
  disk.write('/srv/app/.kube/config', 'users: [{user: {token: abc}}]\n');
  const allow = ['/etc/munge/munge.key', '/srv/*/.netrc'];
  const rest = '  /srv/app/.kube/config (access to a Kubernetes cluster)';
  expect(disk.run(sealScript(allow))).toEqual({ status: SECRETS_FOUND, lines: [FOUND, rest] });
  expect(disk.run(sealedStateScript(allow))).toEqual({ status: 1, lines: [LATE, rest] });
  expect(disk.run(sealedStateScript([...allow, '/srv/app/.kube/*']))).toEqual({ status: 0, lines: [] });
});

test('histories and caches go from every home; what first boot makes may be on a fresh instance, the rest not', async () => {
  const disk = await newDisk();
  const late: string[] = [];
  const all: string[] = [];
  for (const { path, what, isMadeAtBoot } of INSTANCE_FILES) {
    for (const place of placesOf(path)) {
      disk.write(place, 'words\n');
      all.push(place);
      if (!isMadeAtBoot) late.push(`  ${place} (${what})`);
    }
  }
  disk.link('/home/somebody/.sh_history', '/dev/null');
  disk.write('/home/somebody/.bashrc', 'PS1=$\n');
  expect([...disk.run(sealedStateScript([])).lines].sort()).toEqual([LATE, ...new Set(late)].sort());
  expect(disk.run(sealScript([]))).toEqual({ status: 0, lines: [] });
  expect(all.filter((place) => disk.has(place))).toEqual([]);
  expect(disk.has('/home/somebody/.bashrc')).toBe(true);
  expect(disk.run(sealedStateScript([]))).toEqual({ status: 0, lines: [] });
});

const BODY = 'MC4CAQAwBQYDK2VwBCIEIJ0123456789abcdefghijABCDEFGHIJ01234567ab\n';
/** Put together here, so that no scanner takes this file for a leak. */
const BEGIN = ['-----BEGIN', 'PRIVATE KEY-----'];

function pem(kind: string): string {
  return `${BEGIN.join(kind)}\n${BODY}-----END${kind}PRIVATE KEY-----\n`;
}

const KEYS: Readonly<Record<string, string>> = {
  pkcs8: pem(' '),
  rsa: `${BEGIN.join(' RSA ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n${BODY}`,
  ec: pem(' EC '),
  dsa: pem(' DSA '),
  openssh: pem(' OPENSSH '),
  encrypted: pem(' ENCRYPTED '),
  sigstore: pem(' ENCRYPTED SIGSTORE '),
  pgp: `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\nComment: mine\n\n${BODY}`,
  sshcom: `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "mine"\n${BODY}`,
  putty: `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: mine\nPublic-Lines: 1\n${BODY}`,
  age: `# public key: age1\nAGE-SECRET-KEY-1${'Q'.repeat(58)}\n`,
  service: `{"type": "service_account",\n "private_key": "${BEGIN.join(' ')}\\n${BODY.trim()}\\n"}\n`,
  indented: pem(' ').replaceAll(/^/gm, '      '),
  windows: pem(' RSA ').replaceAll('\n', '\r\n'),
  beside: `-----BEGIN CERTIFICATE-----\n${BODY}-----END CERTIFICATE-----\n${pem(' ')}`,
};

test('private keys are found by what they are, whatever they are called, where people and services keep them', async () => {
  const disk = await newDisk();
  const folders = [
    '/root',
    '/home/somebody/a/b/c/d/e/f',
    '/home/unlisted',
    '/srv/app/tests',
    '/etc/app',
    '/opt/app/conf',
  ];
  folders.push('/usr/local/etc', '/var/lib/app');
  const places = Object.entries(KEYS).flatMap(([name, text], index) => {
    const place = `${folders[index % folders.length] ?? ''}/${name}.txt`;
    disk.write(place, text);
    return [place];
  });
  for (const folder of folders) {
    disk.write(`${folder}/it is one`, pem(' '));
    if (folder !== '/srv/app/tests') places.push(`${folder}/it is one`);
  }
  const kept = places.filter((place) => !place.startsWith('/srv/app/tests'));
  const expected = kept.map((place) => `  ${place} (a private key)`).sort();
  const end = disk.run(sealScript([]));
  expect([...end.lines].sort()).toEqual([...expected, FOUND].sort());
  expect(disk.run(sealScript(kept))).toEqual({ status: 0, lines: [] });
});

test('keys are found in folders of no system, and what clones keep of the token they were made with', async () => {
  const disk = await newDisk();
  const url = (address: string): string => `[remote "origin"]\n\turl = ${address}/app.git\n`;
  const leaks: Readonly<Record<string, string>> = {
    '/server.key': pem(' '),
    '/data/a b/key': pem(' '),
    '/shared/conf.d/tls/app.key': pem(' '),
    '/mnt/app.key': pem(' '),
    '/var/opt/app/app.key': pem(' '),
  };
  const clones: Readonly<Record<string, string>> = {
    '/root/app/.git/config': url('https://x-access-token:abc@git.example'),
    '/opt/app/.git/modules/lib/config': url('https://ghs_0123456789abcdefghijABCDEFGHIJ012345@git.example'),
    '/data/app/.git/config': '[http "https://git.example/"]\n\textraHeader = AUTHORIZATION: basic abc\n',
  };
  for (const [path, text] of Object.entries({ ...leaks, ...clones })) disk.write(path, text);
  disk.write('/opt/a/.git/config', url('https://git.example'));
  disk.write('/opt/b/.git/config', url('ssh://git@git.example'));
  disk.write('/opt/c/.git/config', url('https://me@git.example'));
  disk.write('/boot/key', pem(' '));
  const lines = [
    ...Object.keys(leaks).map((path) => `  ${path} (a private key)`),
    ...Object.keys(clones).map((path) => `  ${path} (a password of a git server)`),
  ].sort();
  expect([...disk.run(sealScript([])).lines].sort()).toEqual([...lines, FOUND].sort());
  expect(disk.run(sealScript([...Object.keys(leaks), ...Object.keys(clones)]))).toEqual({ status: 0, lines: [] });
});

test('programs and texts that speak of keys, keys of tests, of packages and of the vendor are no leak', async () => {
  const disk = await newDisk();
  disk.write('/root/read-keys.py', `BEGIN = "${BEGIN.join(' RSA ')}"\nimport os\nprint(BEGIN)\n`);
  disk.write('/etc/app/public.pem', `-----BEGIN PUBLIC KEY-----\n${BODY}`);
  disk.write('/root/.pyenv/versions/3.13.0/lib/python3.13/test/certdata/key.pem', pem(' '));
  disk.write('/home/somebody/app/node_modules/tls/key.pem', pem(' '));
  disk.write('/opt/conda/lib/python3.11/site-packages/tornado/test/test.key', pem(' '));
  disk.write('/usr/local/share/doc/app/key.pem', pem(' '));
  disk.write('/opt/app/a/b/c/d/e/f/key.pem', pem(' '));
  disk.write('/usr/share/app/key.pem', pem(' '));
  disk.write('/var/lib/docker/overlay2/a/key.pem', pem(' '));
  disk.write('/root/large.txt', `${pem(' ')}${'x'.repeat(70_000)}`);
  for (const { path } of EXPECTED_KEYS) disk.write(path.replaceAll('*', 'some'), pem(' '));
  expect(disk.run(sealedStateScript([]))).toEqual({ status: 0, lines: [] });
});

test("a package's key is as the vendor made it, or it is somebody's", async () => {
  const disk = await newDisk();
  disk.write('/etc/app/packaged.key', pem(' '));
  disk.write('/etc/app/configured.key', pem(' '));
  const { lines } = disk.run('md5sum /etc/app/packaged.key');
  const [sum = ''] = (lines[0] ?? '').split(' ');
  expect(sum).toHaveLength(32);
  disk.write('/var/lib/dpkg/info/app.md5sums', `${sum}  etc/app/packaged.key\n`);
  disk.write('/var/lib/dpkg/status', `Package: app\nConffiles:\n /etc/app/configured.key ${sum}\n`);
  expect(disk.run(sealedStateScript([]))).toEqual({ status: 0, lines: [] });
  disk.write('/etc/app/packaged.key', pem(' EC '));
  disk.write('/etc/app/configured.key', pem(' EC '));
  expect(disk.run(sealedStateScript([])).lines).toEqual([
    LATE,
    '  /etc/app/configured.key (a private key)',
    '  /etc/app/packaged.key (a private key)',
  ]);
});

test('a name with a line break in it is one line, and an image that cannot be searched is not sealed', async () => {
  const disk = await newDisk();
  disk.write('/root/.ssh/id_\n  (a lie)', 'key');
  expect(disk.run(sealScript([])).lines).toEqual([FOUND, '  /root/.ssh/id_?  (a lie) (a private key of SSH)']);
  const unable = { status: 1, lines: ['the image has no grep, without which credentials cannot be looked for'] };
  expect(disk.run(`rm /usr/bin/grep\n${sealScript([])}`)).toEqual(unable);
  expect(disk.run(sealedStateScript([]))).toEqual(unable);
  expect(disk.has('/root/.ssh/id_\n  (a lie)')).toBe(true);
});
