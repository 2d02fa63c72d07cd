import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { openSession } from '../support/session.js';
import { differences, fingerprint, fingerprintMachine } from './fingerprint.js';

let directory: string;
let sandbox: Sandbox;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** Ends a script that is not on an instance, before it does harm: another host name and an overlay for its root. */
const ON_INSTANCE = `[ "$(cat /proc/sys/kernel/hostname)" != '${hostname()}' ] && grep -q '^overlay / overlay' /proc/mounts || exit 9`;

test('What an instance overwrites and removes, wherever it can reach, changes nothing of the machine.', async () => {
  const { baseImage, launch, online, run } = openSession(sandbox);
  const before = fingerprintMachine();
  expect(before.size).toBeGreaterThan(500);
  const id = await launch(await baseImage());
  await online(id);
  const home = homedir();
  const overwritten = await run(
    id,
    ON_INSTANCE,
    'echo "intruder::0:0::/root:/bin/sh" >>/etc/passwd',
    'echo 0 >/etc/machine-id; echo renamed >/etc/hostname; hostname renamed',
    'touch /usr/bin/intruder /etc/*; chmod 777 /etc /usr/bin; chown 12345 /usr/bin/env; ln -sf /dev/null /usr/bin/who',
    `mkdir -p ${home} && echo intruder >>${home}/.profile && touch ${home}/intruder`,
    'tail -1 /etc/passwd; ls /usr/bin/intruder',
  );
  expect(overwritten).toMatchObject({
    ResponseCode: 0,
    StandardOutputContent: 'intruder::0:0::/root:/bin/sh\n/usr/bin/intruder\n',
  });
  const removed = await run(
    id,
    ON_INSTANCE,
    `rm -rf ${home} /home /root /etc /proc/1/root/opt 2>/dev/null`,
    '( rm -rf /usr/bin /proc/1/root/srv /var ) 2>/dev/null',
    'echo /etc* /home* /usr/bin*',
    'kill -9 -1',
  );
  expect(removed.StandardOutputContent).toBe('/etc* /home* /usr/bin*\n');
  expect(differences(before, fingerprintMachine())).toEqual([]);

  const fresh = await launch(await baseImage());
  await online(fresh);
  expect(await run(fresh, 'ls /usr/bin/intruder /usr/bin/env; grep -c intruder /etc/passwd')).toMatchObject({
    StandardOutputContent: '/usr/bin/env\n0\n',
  });
});

test('a fingerprint tells apart contents of the same length and time, modes, and what came or went', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  const changed = path.join(folder, 'changed');
  const gone = path.join(folder, 'gone');
  const opened = path.join(folder, 'opened');
  for (const file of [changed, opened, gone]) writeFileSync(file, 'before', { mode: 0o600 });
  const before = fingerprint([folder]);
  expect(differences(before, fingerprint([folder]))).toEqual([]);
  const { atime, mtime } = statSync(changed);
  writeFileSync(changed, 'after!');
  utimesSync(changed, atime, mtime);
  chmodSync(opened, 0o644);
  rmSync(gone);
  expect(differences(before, fingerprint([folder])).sort()).toEqual([folder, changed, gone, opened]);
  rmSync(folder, { recursive: true });
});
