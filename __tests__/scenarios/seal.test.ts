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
  '/srv/app/.ssh/authorized_keys',
  '/srv/app/.python_history',
  '/root/.aws/cli/cache/session.json',
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
  '/srv/app/.kube/config',
];

/** An account whose home is not where homes are. */
const APP = 'users: [{name: app, home: /srv/app}]\n';

function write(paths: readonly string[], text: string): string {
  return paths.map((path) => `      mkdir -p "$(dirname ${path})"; echo ${text} >${path}`).join('\n');
}

test('an image has nothing of the instance it was made on, and all else; credentials stop the build', async () => {
  const project = rig.project({
    'templates/clean.yaml': `
${APP}provision:
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
    'templates/secrets.yaml': `${APP}provision:\n  - run: |\n${write(SECRETS, `'{"auth": "_authToken=1234", "a": {token: abc}}'`)}\n`,
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
      '  /home/somebody/.docker/config.json (a login of a container registry)',
      '  /home/somebody/.ssh/id_rsa (a private key of SSH)',
      '  /root/.aws/credentials (access keys of AWS)',
      '  /root/.netrc (passwords of servers)',
      '  /root/.npmrc (a token of an npm registry)',
      '  /srv/app/.kube/config (access to a Kubernetes cluster)',
    ],
  });
});

/** Outlives its step and the seal, and writes when the seal has removed the bundle. */
const LEFT_BEHIND = `      cat >/opt/late <<'END'
      trap '' TERM
      while [ -e /var/lib/ami-layers ]; do sleep 0.01; done
      mkdir -p /root/.config/gcloud
      echo secret >/root/.config/gcloud/application_default_credentials.json
      echo words >/root/.python_history
      sync
      END
      setsid -f bash /opt/late >/dev/null 2>&1 </dev/null
`;

test('what a process that a step left behind wrote after the seal rejects the image, unless it is allowed', async () => {
  const late = (allow: string): string => `seal: {allow: [${allow}]}\nprovision:\n  - run: |\n${LEFT_BEHIND}`;
  const project = rig.project({
    'templates/late.yaml': late(''),
    'templates/meant.yaml': late('/root/.config/gcloud/*, /root/.python_history'),
  });
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({ late: 'failed: check 1/1 "sealed state": exited 1', meant: 'built' });
  expect(failureOf(report, 'late')).toMatchObject({
    phase: 'validate',
    logTail: [
      'written after the seal, by a process that a step left running or a service that starts at boot:',
      '  /root/.config/gcloud/application_default_credentials.json (credentials of Google Cloud)',
      '  /root/.python_history (a history)',
    ],
  });
});
