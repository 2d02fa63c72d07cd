import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failureOf, outcomes } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** Made anew at first boot. */
const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';

/** What belongs to one instance only. */
const REMOVED = [
  '/home/somebody/.ssh/authorized_keys',
  '/home/somebody/.bash_history',
  '/root/.ssh/authorized_keys',
  '/root/.bash_history',
  '/tmp/scratch/file',
  '/tmp/.hidden',
  '/var/tmp/file',
  '/var/lib/cloud/instances/here',
  '/var/lib/dhcp/lease',
];

/** What looks like it, and is meant to be in the image. */
const KEPT = ['/home/somebody/.bashrc', '/home/somebody/.ssh/id_ed25519.pub', '/opt/tmp/file', '/var/log/app/app.log'];

const SECRETS = [
  '/home/somebody/.docker/config.json',
  '/home/somebody/.ssh/id_rsa',
  '/root/.aws/credentials',
  '/root/.netrc',
  '/root/.npmrc',
];

function write(paths: readonly string[], text: string): string {
  return paths.map((path) => `      mkdir -p "$(dirname ${path})"; echo ${text} >${path}`).join('\n');
}

test('an image has nothing of the instance it was made on, and all else; credentials stop the build', async () => {
  const project = rig.project({
    'templates/clean.yaml': `
provision:
  - run: |
${write([HOST_KEY, ...REMOVED, ...KEPT], 'words')}
      cat /etc/machine-id >/opt/machine-id-of-builder
      mkdir -p /root/.aws; touch /root/.aws/credentials
      echo "registry=https://registry.example" >/root/.npmrc
validate:
  checks:
    - {name: removed, run: 'ls -d ${REMOVED.join(' ')} 2>/dev/null', equals: "", exit_code: 2}
    - {name: kept, run: ls ${KEPT.join(' ')}, equals: "${KEPT.join('\\n')}"}
    - {name: empty log, run: test ! -s /var/log/app/app.log}
    - {name: own machine id, run: '! cmp -s /etc/machine-id /opt/machine-id-of-builder'}
    - {name: own host key, run: '! grep -x words ${HOST_KEY}'}
    - {name: no bundle, run: ls -A /var/lib/ami-layers/steps, exit_code: 2}
`,
    'templates/secrets.yaml': `provision:\n  - run: |\n${write(SECRETS, '_authToken=1234')}\n`,
  });
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({
    clean: 'built',
    secrets: 'failed: a step left credentials or private keys on the disk; an image must not carry them',
  });
  expect(failureOf(report, 'secrets')).toMatchObject({
    phase: 'seal',
    logTail: [
      'credentials or private keys on the disk:',
      '  /root/.aws/credentials',
      '  /root/.netrc',
      '  /root/.npmrc',
      '  /home/somebody/.docker/config.json',
      '  /home/somebody/.ssh/id_rsa',
    ],
  });
});
