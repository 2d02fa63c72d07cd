import type { Machine } from '../machine/boot.js';
import { runInside } from '../machine/run-inside.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';

/**
 * Runs user data that is a script, once in an instance's life, where cloud-init leaves it: in
 * /var/lib/cloud/instances/<id>/, which is part of any image made later unless it is removed (`UG:user-data`).
 */
export async function runUserData(
  world: World,
  instance: InstanceRecord,
  machine: Machine,
  onConsole: (text: string) => void,
): Promise<void> {
  if (instance.userDataDone || instance.userData === undefined) return;
  instance.userDataDone = true;
  world.changed('instances', instance.id);
  const text = Buffer.from(instance.userData, 'base64').toString();
  if (!text.startsWith('#!')) {
    onConsole('user data does not start with #! and was not run: the sandbox runs scripts only\n');
    return;
  }
  const { ended } = runInside(machine, {
    program: ['sh', '-c', SCRIPT, 'cloud-init', `/var/lib/cloud/instances/${instance.id}`],
    environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    input: text,
    onStdout: (chunk) => onConsole(chunk.toString()),
    onStderr: (chunk) => onConsole(chunk.toString()),
  });
  const end = await ended;
  const how = end.kind === 'exited' ? `exit code ${end.code}` : end.signal;
  onConsole(`user data ended with ${how}\n`);
}

const SCRIPT = `
set -eu
mkdir -p "$1/scripts"
chmod 755 /var/lib/cloud
ln -sfn "$1" /var/lib/cloud/instance
cat >"$1/user-data.txt"
chmod 600 "$1/user-data.txt"
cp "$1/user-data.txt" "$1/scripts/part-001"
chmod 700 "$1/scripts/part-001"
cd /
exec "$1/scripts/part-001" </dev/null
`;
