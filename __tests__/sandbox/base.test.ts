import { DescribeImagesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MACHINE_ARCHITECTURE } from '../../sandbox/account.js';
import { findDaemon, startSandbox } from '../../sandbox/start.js';
import { makeRootFileSystem } from './support/root-file-system.js';
import { openSession, type Reachable } from './support/session.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** Nobody's, on any machine. */
const STRANGER = 61_234;

let scratch: string;
let root: string;

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  chmodSync(scratch, 0o755);
  root = path.join(scratch, 'a root, with: odd=name');
  makeRootFileSystem(root);
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** What a script prints on an instance of the base image, and on one of an image made from it after that. */
async function twoLayers(sandbox: Reachable, script: string): Promise<readonly string[]> {
  const { ec2, baseImage, launch, online, reach, createImage, ...session } = openSession(sandbox);
  const first = await launch(await baseImage());
  await online(first);
  const firstSaid = await session.run(first, script);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
  await reach(first, 'stopped');
  const image = await createImage({ InstanceId: first, Name: 'made' });
  const second = await launch(image);
  await online(second);
  const secondSaid = await session.run(second, script);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first, second] }));
  await reach(second, 'terminated');
  return [firstSaid, secondSaid].map(
    ({ StandardOutputContent = '', StandardErrorContent = '' }) => StandardOutputContent + StandardErrorContent,
  );
}

const LOOK = 'cat /etc/os-release; ls -A /var; touch /var/seen; [ -e /usr/bin/perl ] || echo no perl; id -u';
const SEEN = (...more: readonly string[]): string =>
  ['NAME="Test Linux"', 'VERSION_ID="7"', 'ID=testlinux', 'lib', ...more, 'no perl', '0', ''].join('\n');

test('A directory can be the base: images stand on it, and it is not changed.', async () => {
  const directory = path.join(scratch, 'from-directory');
  const before = execFileSync('ls', ['-lR', '--full-time', root]).toString();
  const sandbox = await startSandbox({ directory, base: `directory:${root}` });
  expect(await twoLayers(sandbox, LOOK)).toEqual([SEEN(), SEEN('seen')]);
  const { ec2, baseImage } = openSession(sandbox);
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [await baseImage()] }));
  expect(Images?.[0]?.Name).toBe(`sandbox-directory-testlinux-7-${MACHINE_ARCHITECTURE}`);
  await sandbox.stop();
  expect(execFileSync('ls', ['-lR', '--full-time', root]).toString()).toBe(before);

  await expect(startSandbox({ directory, base: 'machine' })).rejects.toThrow(
    `the images of this sandbox stand on directory:${root}, not on machine. Fix: reset it, or use another directory.`,
  );
  const again = await startSandbox({ directory });
  expect((await again.control.status()).base).toBe(`directory:${root}`);
  await again.control.reset();
  await again.stop();
  const other = await startSandbox({ directory, base: 'machine' });
  expect((await other.control.status()).base).toBe('machine');
  await other.stop();
});

test('A container image can be the base: the engine exports it once.', async () => {
  // In place of Podman: the sandbox asks for nothing but these four commands.
  const engine = path.join(scratch, 'engine');
  mkdirSync(engine);
  const log = path.join(scratch, 'engine.log');
  const podman = `#!/bin/sh
echo "$*" >>${log}
case $1 in
  create) echo pulling; echo 1234abcd ;;
  export) tar -C '${root}' -cf "$3" . ;;
esac
`;
  writeFileSync(path.join(engine, 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  writeFileSync(path.join(engine, 'podman'), podman, { mode: 0o755 });
  const directory = path.join(scratch, 'from-image');
  const start = `
    import { startSandbox } from './build/sandbox/start.js';
    const { endpoint, environment } = await startSandbox({ directory: ${JSON.stringify(directory)}, base: 'image:test/linux:7' });
    console.log(JSON.stringify({ endpoint, environment }));
  `;
  const stop = async (): Promise<void> => (await findDaemon(directory))?.stop();
  const started = JSON.parse(run(start, { searchPath: engine })) as Reachable;
  expect(await twoLayers(started, LOOK)).toEqual([SEEN(), SEEN('seen')]);
  await stop();
  run(start, { searchPath: engine });
  expect((await (await findDaemon(directory))?.control.status())?.base).toBe('image:test/linux:7');
  await stop();
  const said = readFileSync(log, 'utf8').replace(/base-[0-9a-f-]+/, 'base');
  expect(said).toBe(
    `version\ncreate test/linux:7 /bin/sh\nexport --output ${directory}/base.tar 1234abcd\nrm 1234abcd\n`,
  );
  expect(readdirSync(directory).filter((name) => name.endsWith('.tar'))).toEqual([]);
});

test('What cannot be a base is refused in one sentence.', async () => {
  const directory = path.join(scratch, 'refused');
  await expect(startSandbox({ directory, base: 'directory:/nowhere' })).rejects.toThrow(
    'the sandbox did not start: there is no directory /nowhere to lay under images. Fix: give one that holds a root file system.',
  );
  await expect(startSandbox({ directory, base: `directory:${scratch}/engine` })).rejects.toThrow(
    `${scratch}/engine is no root file system: it has neither bin nor usr/bin.`,
  );
});

test('Who is not root and has no sudo gets a user namespace, in which a directory of his own can be the base.', async () => {
  const directory = path.join(scratch, 'unprivileged');
  const own = path.join(scratch, 'own-root');
  mkdirSync(directory);
  makeRootFileSystem(own);
  execFileSync('chown', ['-R', `${STRANGER}:${STRANGER}`, directory, own]);
  const said = run(
    `
    import { startSandbox } from './build/sandbox/start.js';
    const directory = ${JSON.stringify(directory)};
    const refusal = (base) => startSandbox({ directory, base }).then(() => 'started', (error) => error.message);
    const machine = await refusal(undefined);
    const others = await refusal(${JSON.stringify(`directory:${root}`)});
    const sandbox = await startSandbox({ directory, base: ${JSON.stringify(`directory:${own}`)} });
    const { durable, base, metadata } = await sandbox.control.status();
    console.log(JSON.stringify({ machine, others, warning: sandbox.warning, durable, base, metadata, endpoint: sandbox.endpoint, environment: sandbox.environment }));
  `,
    { user: STRANGER },
  );
  const { endpoint, environment, ...rest } = JSON.parse(said) as Reachable;
  expect(rest).toEqual({
    machine:
      'the sandbox needs root to lay this machine’s own system under images. Fix: run as root, allow sudo without a ' +
      'password, or take a base that is a directory or a container image',
    others: expect.stringContaining(
      `${root} is another user's, so in a user namespace its files could not be changed. Fix: take a copy of your own.`,
    ),
    warning:
      'images are kept in memory and are lost when the sandbox stops, because a user namespace may not mount a disk image',
    durable: false,
    base: `directory:${own}`,
    metadata: false,
  });
  expect(await twoLayers({ endpoint, environment }, LOOK)).toEqual([SEEN(), SEEN('seen')]);
  const stopped = run(
    `
    import { readdirSync, rmSync } from 'node:fs';
    import { findDaemon } from './build/sandbox/start.js';
    const directory = ${JSON.stringify(directory)};
    const sandbox = await findDaemon(directory);
    await sandbox.stop();
    for (const name of readdirSync(directory)) rmSync(directory + '/' + name, { recursive: true });
    console.log('gone');
  `,
    { user: STRANGER },
  );
  expect(stopped.trim()).toBe('gone');
  expect(readdirSync(directory)).toEqual([]);
});

interface RunOptions {
  /** Instead of root; without any rights. */
  readonly user?: number;
  /** Directory that is searched for programs first. */
  readonly searchPath?: string;
}

/** Runs a module in the repository, as a process of its own, and returns what it prints. */
function run(module: string, { user, searchPath = '/usr/sbin' }: RunOptions): string {
  const ids = user === undefined ? [] : ['--reuid', String(user), '--regid', String(user), '--clear-groups'];
  const args = [...ids, process.execPath, '--input-type=module', '--eval', module];
  const env = { PATH: `${searchPath}:/usr/sbin:/usr/bin:/sbin:/bin` };
  return execFileSync('setpriv', args, { cwd: REPOSITORY, encoding: 'utf8', env });
}
