import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { outcomes, outputOf } from './outcomes.js';
import { overlayOf } from './overlay-of.js';
import { openRig, type Rig } from './rig.js';

/** What the first boot asks of the machine, written down; nothing of it happens. */
const PROGRAMS: Readonly<Record<string, string>> = {
  curl: 'while [ "$1" != --output ]; do shift; done; touch "$2"',
  gpgv: 'test -s "$2" && test -e "$3" && test -e "$4"',
  dpkg: 'test -e "$2"',
  systemctl: '',
};

let overlay: string;
let rig: Rig;
beforeAll(async () => {
  const noted = Object.entries(PROGRAMS).map(([name, body]): [string, string] => [
    `usr/local/bin/${name}`,
    `mkdir -p /opt; echo "${name} $*" >>/opt/calls\n${body}`,
  ]);
  overlay = overlayOf(Object.fromEntries(noted));
  rig = await openRig({ baseOverlays: [overlay] });
});
afterAll(async () => {
  await rig.close();
  rmSync(overlay, { recursive: true });
});

test('the builder of a root layer gets the agent at its first boot; its test instance and its child have it', async () => {
  const url = 'https://s3.us-west-2.amazonaws.com/amazon-ssm-us-west-2/latest/debian_amd64';
  const calls = `curl --fail --silent --show-error --output amazon-ssm-agent.deb ${url}/amazon-ssm-agent.deb
curl --fail --silent --show-error --output amazon-ssm-agent.deb.sig ${url}/amazon-ssm-agent.deb.sig
gpgv --keyring ./key.gpg amazon-ssm-agent.deb.sig amazon-ssm-agent.deb
dpkg --install amazon-ssm-agent.deb
systemctl enable --now amazon-ssm-agent
`;
  const run = await rig
    .project({
      'templates/root.yaml': `
base: debian-12
provision: [{run: cp /opt/calls /opt/calls-of-builder}]
validate: {checks: [{run: cmp /opt/calls /opt/calls-of-builder}]}
`,
      'templates/child.yaml': 'extends: root\nprovision: [{run: cat /opt/calls}]\n',
    })
    .build();
  expect(outcomes(run.report)).toEqual({ root: 'built', child: 'built' });
  expect(outputOf(run, 'child')).toContain(calls);
});
