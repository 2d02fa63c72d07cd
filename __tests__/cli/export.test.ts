import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { createRepository, type Repository } from '../repository.js';
import { openSession, until } from '../sandbox/support/session.js';
import { typeIn } from './terminal.js';

/** JavaScript made of Go: it has no module of its own kind. */
const hcl = createRequire(import.meta.url)('hcl2-parser') as { parseToObject: (text: string) => [unknown, unknown] };

const TREE = {
  'templates/root.yaml': `env: {GREETING: "it's $HOME"}
provision:
  - script: root.sh
    inputs: [lib/words.txt]
  - run: |
      cat <<'END' >/opt/exported/heredoc
      \${kept} %{kept}
      END
`,
  'templates/root.sh': '#!/bin/sh\nmkdir -p /opt/exported\nprintf "%s|" "$GREETING" >/opt/exported/root\n',
  'templates/lib/words.txt': 'three little words',
  'templates/sub/child.yaml': `extends: ../root.yaml
version: 1.2.0
software: {packages: [bash]}
builder: {volume_gb: 20, instance_types: [m6i.large]}
tags: {team: "tools %{x}"}
provision: [{name: join, run: "cat ../lib/words.txt >>/opt/exported/root", inputs: [../lib/words.txt]}]
`,
  'templates/broken.yaml':
    'extends: root\nprovision: [{name: break, run: "false"}, {run: touch /opt/exported/after}]\n',
  'templates/names.yaml': `env: {root: /opt/mine, layer: mine, folder: /opt, shell: sh}
provision: [{run: 'mkdir -p "$root"; printf "%s " "$root" "$layer" "$folder" "$shell" >"$root/said"'}, {run: 'true'}]
`,
  'templates/plain.yaml': 'provision: [{run: ls}]\n',
  'templates/large.yaml': 'provision: [{run: ls, inputs: [text.txt]}]\n',
  'templates/text.txt': 'all the same line, over and over\n'.repeat(2000),
  'templates/huge.yaml': 'provision: [{run: ls, inputs: [noise.bin]}]\n',
  'templates/noise.bin': randomBytes(30_000).toString('base64'),
};

/** What a step may say to get out of the text it stands in, here document, HCL or both. */
const ESCAPES = [
  'END',
  'END_',
  'PACKER_END',
  '  PACKER_END',
  'EOF',
  "'",
  '"',
  '`',
  '${',
  '%{',
  '$${env.HOME}',
  '\\',
  ')',
  ']',
  '}',
];

let repository: Repository;
beforeAll(() => {
  repository = createRepository(TREE);
  execFileSync('git', ['init', '--quiet'], { cwd: repository.root });
});
afterAll(() => {
  repository.remove();
});

const exported = (...words: readonly string[]) => typeIn(repository.root, 'export', ...words);
const userData = async (layer: string) => (await exported(layer, '--format', 'user-data')).out;

describe('export --format user-data', () => {
  let directory: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ami-export-'));
    sandbox = await startSandbox({ directory });
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(directory, { recursive: true });
  });

  async function launched(script: string) {
    const session = openSession(sandbox);
    const id = await session.launch(await session.baseImage(), { UserData: Buffer.from(script).toString('base64') });
    await session.online(id);
    return { session, id };
  }

  /** What the script has written, once it has written the words and removed its folder. */
  async function leftBy(script: string, words: string, shown: string): Promise<string> {
    const { session, id } = await launched(script);
    const check = `cat ${shown}; ls ${posix.dirname(shown)} /var/lib/ami-layers 2>&1; true`;
    const over = () =>
      session
        .run(id, check)
        .then(({ StandardOutputContent: text = '' }) =>
          text.includes(words) && text.includes("cannot access '/var/lib/ami-layers'") ? text : undefined,
        );
    return until(over, 'the end of the script');
  }

  test('installs the chain on an instance of the base image', async () => {
    const { session, id } = await launched(await userData('child'));
    const read = async (path: string): Promise<string | undefined> =>
      (await session.run(id, `cat ${path} 2>/dev/null; true`)).StandardOutputContent;
    const words = () => read('/opt/exported/root').then((text) => (text?.includes('words') ? text : undefined));
    expect(await until(words, 'the last step')).toBe("it's /root|three little words");
    expect(await read('/opt/exported/heredoc')).toBe('${kept} %{kept}\n');
  });

  test('stops at the step that fails, and leaves nothing of itself', async () => {
    expect(await leftBy(await userData('broken'), 'kept', '/opt/exported/heredoc')).not.toContain('after');
  });

  test('takes no variable of a layer for one of its own', async () => {
    const said = await leftBy(await userData('names'), '/opt/mine mine', '/opt/mine/said');
    expect(said).toContain('/opt/mine mine /opt sh ');
  });

  test('is sound shell', async () => {
    const script = await userData('child');
    execFileSync('bash', ['-n'], { input: script });
    const { error, stdout } = spawnSync('shellcheck', ['--severity=warning', '-'], { input: script, encoding: 'utf8' });
    if (error !== undefined) console.warn('shellcheck is not installed: the script was only parsed');
    else expect(stdout).toBe('');
  });

  test('is compressed where it is too large for user data, and then needs a file', async () => {
    expect(await exported('large', '--format', 'user-data')).toEqual({
      status: 1,
      out: '',
      err: expect.stringContaining('Fix: give --output <file>, such as user-data.gz.'),
    });
    const { status, err } = await exported('large', '--format', 'user-data', '--output', 'large.gz');
    expect([status, err]).toEqual([0, expect.stringContaining('--user-data fileb://large.gz')]);
    const bytes = readFileSync(join(repository.root, 'large.gz'));
    expect(bytes.length).toBeLessThan(16_384);
    expect(gunzipSync(bytes).toString()).toMatch(/^#!\/bin\/bash\n# large\/x86_64 without its image/);
  });

  test('is refused where it cannot fit, naming what is largest', async () => {
    const { status, err } = await exported('huge', '--format', 'user-data');
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('the largest file is templates/noise.bin with 40000 bytes'),
    ]);
    expect((await exported('huge', '--format', 'packer')).status).toBe(0);
  });
});

describe('export --format packer', () => {
  test('is HCL with the same script, its variables kept for the shell', async () => {
    const { out } = await exported('child', '--format', 'packer');
    const [parsed, problem] = hcl.parseToObject(out);
    expect(problem).toBeNull();
    expect(parsed).toMatchObject({
      source: {
        'amazon-ebs': {
          child: [
            {
              ami_name: expect.stringMatching(/^child-1\.2\.0-x86_64-[0-9a-f]{12}$/),
              instance_type: 'm6i.large',
              launch_block_device_mappings: [{ volume_size: 20 }],
              tags: { Name: 'child' },
            },
          ],
        },
      },
      data: { 'amazon-parameterstore': { base: [{ name: expect.stringContaining('al2023-ami-kernel-default') }] } },
    });
    expect(packerScript(out)).toBe(await userData('child'));
  });

  test('no line of a step gets out of it, into the exported script or the build', async () => {
    const plain = (await exported('plain', '--format', 'packer')).out;
    const marks = [plain, await userData('plain')].flatMap((text) => text.match(/END\w*/g) ?? []);
    const lines = [...ESCAPES, ...marks];
    const run = [
      ...lines.flatMap((line) => [
        line,
        '    ]',
        '  }',
        'provisioner "shell-local" {',
        'inline = ["id"]',
        '}',
        `touch "${repository.root}/out"`,
      ]),
    ].join('\n');
    // The first line ends the step at once: what follows is only text.
    repository.write({
      'templates/hostile.yaml': `provision: [{name: "a'b", run: ${JSON.stringify(`exit 0\n${run}`)}}]\n`,
    });

    const { out } = await exported('hostile', '--format', 'packer');
    const [parsed, problem] = hcl.parseToObject(out);
    expect(problem).toBeNull();
    const { build } = parsed as { readonly build: readonly { readonly provisioner: object }[] };
    expect(
      build.map(({ provisioner }) =>
        Object.entries(provisioner).map(([kind, all]) => [kind, (all as unknown[]).length]),
      ),
    ).toEqual([[['shell', 1]]]);
    expect(packerScript(out)).toBe(await userData('hostile'));

    const folder = mkdtempSync(join(tmpdir(), 'ami-export-run-'));
    const script = (await userData('hostile')).replace(/^root=.*$/m, `root=${join(folder, 'bundle')}`);
    const { status, stdout } = spawnSync('bash', [], { input: script, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stdout]).toEqual([0, "ami-layers: hostile: a'b\nami-layers: hostile/x86_64 is installed\n"]);
    expect(existsSync(join(repository.root, 'out'))).toBe(false);
  });
});

function packerScript(text: string): string | undefined {
  return /<<(END_[0-9a-f]{32})\n(.*)\n\1\n {4}\]/s.exec(text)?.[2]?.replaceAll('$${', '${').replaceAll('%%{', '%{');
}
