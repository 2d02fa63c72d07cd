import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outcomes, outputOf } from './outcomes.js';
import { openRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('what steps make is for everybody, and what the tool makes; only its own folders are not', async () => {
  const run = await rig
    .project({
      'templates/tool.yaml': `
files: [{source: app.conf, destination: /etc/app/app.conf}]
provision: [{run: 'mkdir /opt/tool; echo x >/opt/tool/x; cp -r words /opt/words', inputs: [words/**]}]
validate:
  checks:
    - {run: 'stat -c %a /opt/tool /opt/tool/x /opt/words /opt/words/one.txt /etc/app /etc/app/app.conf /opt/ami-layers', matches: '^755$'}
    - {run: 'stat -c %a%n /opt/tool /opt/words /etc/app /opt/ami-layers /opt/tool/x /opt/words/one.txt /etc/app/app.conf | tr "\\n" " "', equals: '755/opt/tool 755/opt/words 755/etc/app 755/opt/ami-layers 644/opt/tool/x 644/opt/words/one.txt 644/etc/app/app.conf'}
`,
      'templates/words/one.txt': 'one\n',
      'templates/app.conf': 'on\n',
    })
    .build();
  expect(outcomes(run.report)).toEqual({ tool: 'built' });
});

test('`env` is for steps and checks alone: names of the runner, PATH upon PATH, and a loader that nothing else has', async () => {
  const run = await rig
    .project({
      'templates/root.yaml': `
env: {PATH: '/opt/root/bin:$PATH', number: 7, count: 12, script: main.py, root: /srv, code: 3, LD_LIBRARY_PATH: /opt/none}
provision:
  - run: |
      install -D -m 755 /dev/stdin /opt/root/bin/hello <<'END'
      #!/bin/sh
      echo "hello $number $count $script $root $code $LD_LIBRARY_PATH"
      END
  - run: hello
validate: {checks: [{run: hello, equals: hello 7 12 main.py /srv 3 /opt/none}]}
`,
      'templates/child.yaml': `
extends: root
env: {PATH: '/opt/child/bin:$PATH', COST: '5$', KEPT: '$NOT_THERE and \${NOT_THERE}'}
provision: [{run: 'hello; echo "$PATH" "$COST" "$KEPT"'}]
validate: {checks: [{run: 'printenv PATH', matches: '^/opt/child/bin:/opt/root/bin:/'}]}
`,
    })
    .build();
  expect(outcomes(run.report)).toEqual({ root: 'built', child: 'built' });
  expect(outputOf(run, 'child')).toMatch(
    /^hello 7 12 main.py \/srv 3 \/opt\/none\n\/opt\/child\/bin:\/opt\/root\/bin:\/.* 5\$ \$NOT_THERE and \$\{NOT_THERE\}$/m,
  );
});

test('a PATH with nothing in it fails the step that needs it, at once', async () => {
  const run = await rig.project({ 'templates/lost.yaml': 'env: {PATH: /opt/none}\nprovision: [{run: ls}]\n' }).build();
  expect(outcomes(run.report)).toEqual({ lost: expect.stringContaining('exited 127') });
  expect(outputOf(run, 'lost')).toContain('ls: command not found');
});
