import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineAddress } from '../machine-address.js';
import { readJournal } from './journal.js';
import { failureOf, imageOf, outcomes, outputOf } from './outcomes.js';
import { openRig, REGION, type Rig } from './rig.js';

let rig: Rig;
let hasMetadata: boolean;
beforeAll(async () => {
  rig = await openRig();
  hasMetadata = (await rig.sandbox.control.status()).metadata;
  if (!hasMetadata) console.warn('instances cannot have metadata on this machine: no secret can be read here');
});
afterAll(() => rig.close());

const SECRET = 'pa$$/w[o]rd.*^"\'\\&;`x`\nsecond line of it\n';
const TOKEN = 'managed-token-4711';

test('users, files and the seal are as the template says, in the image and for its children', async () => {
  const project = rig.project({
    'templates/root.yaml': `
users:
  - {name: alice, uid: 5001, gid: 5001, groups: [makers], shell: /bin/sh}
  - {name: daemon-of-ours, home: /srv/ours}
files:
  - {source: conf/app.conf, destination: /etc/app/app.conf, mode: 0640, owner: "root:makers"}
  - {source: conf/app.conf, destination: /srv/ours/, owner: daemon-of-ours}
  - {source: tree, destination: /opt/tree}
  - {source: "conf/*.d/**", destination: /opt/globbed, owner: "5001"}
  - {source: bin/tool, destination: "/usr/local/bin/it's a tool", mode: 4755}
provision:
  - run: |
      test -x "/usr/local/bin/it's a tool"
      mkdir -p /root/.docker; echo '{}' >/root/.docker/config.json
      touch /root/to-be-removed
seal:
  script: scripts/seal.sh
  allow: [/root/.docker/*]
validate:
  checks:
    - run: id -u alice; id -g alice; id -Gn alice
      equals: "5001\\n5001\\nalice makers"
    - run: getent passwd alice daemon-of-ours | cut -d ':' -f 6-
      equals: "/home/alice:/bin/sh\\n/srv/ours:/bin/sh"
    - run: |
        cd /etc/app; stat -c '%n %a %U:%G' app.conf /srv/ours/app.conf /opt/tree/a /opt/tree/b/c
        stat -c '%n %a %U:%G' /opt/globbed/x.d/one "/usr/local/bin/it's a tool"
      equals: |
        app.conf 640 root:makers
        /srv/ours/app.conf 644 daemon-of-ours:daemon-of-ours
        /opt/tree/a 644 root:root
        /opt/tree/b/c 644 root:root
        /opt/globbed/x.d/one 644 alice:root
        /usr/local/bin/it's a tool 4755 root:root
    - {run: cat /opt/tree/a /opt/tree/b/c /opt/globbed/x.d/one, equals: "same\\ndeeper\\none"}
    - {run: ls /root/to-be-removed, exit_code: 2}
    - {run: cat /root/sealed-by-script /root/.docker/config.json, equals: "sealed\\n{}"}
`,
    'templates/child.yaml': `
extends: root
users: [{name: alice, shell: /bin/bash, groups: [others]}]
files: [{source: /shared.txt, destination: /opt/tree/a}]
validate:
  inherit: false
  checks:
    - {run: id -nG alice, equals: alice makers others}
    - {run: 'getent passwd alice', contains: '5001:5001::/home/alice:/bin/bash'}
    - {run: cat /opt/tree/a, equals: new}
`,
    'templates/conf/app.conf': 'setting=1\n',
    'templates/conf/x.d/one': 'one\n',
    'templates/tree/a': 'same\n',
    'templates/tree/b/c': 'deeper\n',
    'templates/bin/tool': '#!/bin/sh\n',
    'templates/scripts/seal.sh': 'rm /root/to-be-removed\necho sealed >/root/sealed-by-script\n',
    'shared.txt': 'new\n',
  });
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({ root: 'built', child: 'built' });

  project.repository.write({ 'templates/tree/b/c': 'changed\n' });
  expect((await project.plan()).report.plan.items.map(({ action }) => action.kind)).toEqual(['build', 'build']);
});

test('tags.Name names the image, as --name does and before it the layer', async () => {
  const project = rig.project({
    'templates/plain.yaml': 'provision: [{run: echo plain}]\n',
    'templates/named.yaml': 'tags: {Name: golden image}\nprovision: [{run: echo named}]\n',
  });
  const nameOf = async (imageId: string): Promise<string | undefined> => {
    const { Images } = await rig.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return Images?.[0]?.Tags?.find(({ Key }) => Key === 'Name')?.Value;
  };
  const { report } = await project.build();
  expect(await nameOf(imageOf(report, 'plain'))).toBe('plain');
  expect(await nameOf(imageOf(report, 'named'))).toBe('golden image');
});

test('encrypt makes encrypted images, with the key for the Region', async () => {
  const project = rig.project({
    'templates/root.yaml': `
encrypt: {kms_key: alias/elsewhere, region_kms_keys: {${REGION}: alias/here}}
`,
    'templates/child.yaml': 'extends: root\nprovision: [{run: touch /opt/child}]\n',
  });
  const { report } = await project.build();
  expect(outcomes(report)).toEqual({ root: 'built', child: 'built' });
  const ids = ['root', 'child'].map((layer) => imageOf(report, layer));
  const { Images = [] } = await rig.ec2.send(new DescribeImagesCommand({ ImageIds: ids }));
  expect(Images.map((image) => image.BlockDeviceMappings?.[0]?.Ebs?.Encrypted)).toEqual([true, true]);
});

test('secrets reach the steps and nothing else: not the log, the image, a tag, a request or a hash', async () => {
  if (!hasMetadata) return;
  const ssm = new SSMClient({ region: REGION });
  await ssm.send(new PutParameterCommand({ Name: '/app/password', Value: SECRET, Type: 'SecureString' }));
  const vault = await serveSecret(TOKEN);
  const project = rig.project({
    'templates/app.yaml': `
env: {AWS_ENDPOINT_URL_SECRETS_MANAGER: "${vault.url}"}
secrets:
  - {name: PASSWORD, ssm: /app/password}
  - {name: TOKEN, secretsmanager: app/token}
provision:
  - run: |
      set -x
      printf %s "$PASSWORD" | sha256sum
      echo "the password is $PASSWORD"
      printf 'token=%s in a line without an end' "$TOKEN"
  - run: |
      echo "to standard error, $TOKEN" >&2
      echo "as base64: $(printf 'x%s' "$TOKEN" | base64)"
      echo "as hex: $(printf %s "$TOKEN" | od -An -v -tx1 | tr -d ' \\n')"
  - run: sleep 300 & echo "a daemon stays, $TOKEN"
`,
    // Its builder boots the image, and searches all that was written in the last hour.
    'templates/search.yaml': `
extends: app
env: {AWS_ENDPOINT_URL_SECRETS_MANAGER: "${vault.url}"}
secrets:
  - {name: PASSWORD, ssm: /app/password}
  - {name: TOKEN, secretsmanager: app/token}
provision:
  - run: |
      find / -xdev -type f -newermt '1 hour ago' -print0 >/run/written
      xargs -0 grep -lFf <(printf '%s\\n' "$PASSWORD" "$TOKEN" | grep .) -- </run/written && exit 1
      tr '\\0' '\\n' </run/written | grep -c .
`,
  });
  const run = await project.build();
  vault.close();
  expect(outcomes(run.report)).toEqual({ app: 'built', search: 'built' });
  expect(Number(outputOf(run, 'search').trim().split('\n').at(-1))).toBeGreaterThan(5);
  const request = ['secretsmanager.GetSecretValue', '{"SecretId": "app/token"}', expect.stringMatching(SIGNED)];
  expect(vault.asked).toEqual([request, request]);
  const output = outputOf(run, 'app');
  expect(output).toContain(sha256(SECRET));
  expect(output).toContain("+ echo 'the password is ***\n***\n'\nthe password is ***\n***\n");
  expect(output).toContain('token=*** in a line without an end');
  expect(output).toContain('to standard error, ***\n');
  expect(output).toContain('as base64: eG***Q==\n');
  expect(output).toContain('as hex: ***\n');
  expect(output).toContain('a daemon stays, ***\n');

  const lines = [...SECRET.trim().split('\n'), TOKEN];
  const requests = (await readJournal(rig.sandbox.control)).filter(({ operation }) => operation !== 'PutParameter');
  const seen = JSON.stringify([run.events, run.report, requests]);
  expect(lines.filter((line) => seen.includes(line) || seen.includes(JSON.stringify(line).slice(1, -1)))).toEqual([]);

  await ssm.send(
    new PutParameterCommand({ Name: '/app/password', Value: 'other', Type: 'SecureString', Overwrite: true }),
  );
  expect(outcomes((await project.build()).report)).toEqual({ app: 'reused', search: 'reused' });
});

test('a secret that cannot be read fails the layer at its place, before any other step', async () => {
  if (!hasMetadata) return;
  const project = rig.project({
    'templates/app.yaml': 'secrets: [{name: A_KEY, ssm: /no/such}]\nprovision: [{run: echo never}]\n',
  });
  const { report } = await project.build();
  expect(failureOf(report, 'app')).toMatchObject({
    message: 'step 1/2 "read secrets" exited 1',
    step: { line: 1 },
    logTail: [
      expect.stringMatching(
        /^A_KEY could not be read from ssm:\/no\/such: 400: .*ParameterNotFound.*\/no\/such not found/,
      ),
    ],
  });
});

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=ASIA\w+\/\d{8}\/us-west-2\/secretsmanager\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/;

interface Vault {
  readonly url: string;
  /** Target, body and authorization of each request. */
  readonly asked: (readonly (string | undefined)[])[];
  readonly close: () => void;
}

/** Secrets Manager, as far as one secret goes: the sandbox has none. */
async function serveSecret(value: string): Promise<Vault> {
  const asked: Vault['asked'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { 'x-amz-target': target, authorization } = request.headers;
      asked.push([String(target), body, authorization]);
      response.end(JSON.stringify({ Name: 'app/token', SecretString: value }));
    });
  }).listen(0);
  server.unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://${machineAddress()}:${port}`, asked, close: () => server.close() };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
