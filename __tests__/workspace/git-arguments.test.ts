import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../src/cli/repository-root.js';
import { InvalidInput } from '../../src/diagnostics/diagnostic.js';
import { findCommit, makeGit, uncommittedNames } from '../../src/github/git.js';
import { gitStart } from '../../src/workspace/git-arguments.js';
import { createGitWorkspace } from '../../src/workspace/git-workspace.js';

const SOMEBODY = '65534';

let folder: string;
let repository: string;
let ran: string;

/** A terminal of a user who has told git nothing. */
const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const inActions = () => ({ ...env, GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: repository });

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=Amy', '-c', 'user.email=amy@example.com', '-c', 'safe.directory=*', ...args], {
    cwd: repository,
    stdio: 'pipe',
  });
}

/** A repository of which every setting and hook that git knows to run leaves a file. */
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-arguments-')));
  repository = join(folder, 'repository');
  ran = join(folder, 'ran');
  mkdirSync(join(repository, 'templates'), { recursive: true });
  mkdirSync(ran, { mode: 0o777 });
  chmodSync(ran, 0o777);
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(repository, 'templates/app.yaml'), 'base: al2023\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  writeFileSync(join(repository, 'templates/new.yaml'), 'base: al2023\n');
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\necho ran >"${ran}/$(basename "$0")-$$"\n`);
  chmodSync(program, 0o755);
  for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman', 'post-checkout']) {
    writeFileSync(join(repository, '.git/hooks', hook), `#!/bin/sh\necho ran >"${ran}/${hook}"\n`, { mode: 0o755 });
  }
  git('config', 'core.fsmonitor', program);
  git('config', 'core.pager', program);
  git('config', 'diff.external', program);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function askEverything(environment: Readonly<Record<string, string | undefined>>): Promise<unknown> {
  const asked = makeGit(join(repository, 'templates'), environment);
  return [await findCommit(asked, 'HEAD'), await uncommittedNames(asked)];
}

const HEAD = expect.stringMatching(/^[0-9a-f]{40}$/);

test('nothing that a repository names is run, though git itself would', async () => {
  expect(await askEverything(env)).toEqual([HEAD, ['templates/new.yaml']]);
  expect(repositoryRoot({ directory: join(repository, 'templates'), env })).toBe(repository);
  const workspace = createGitWorkspace(repository, { commit: 'HEAD', env });
  expect(workspace.glob(['**'])).toEqual(['templates/app.yaml']);
  expect(readdirSync(ran)).toEqual([]);

  git('status');
  expect(readdirSync(ran).length).toBeGreaterThan(0);
  rmSync(ran, { recursive: true });
  mkdirSync(ran);
  chmodSync(ran, 0o777);
});

describe('a repository of another user', () => {
  beforeAll(() => {
    execFileSync('chown', ['-R', SOMEBODY, repository]);
  });

  test('is refused in a terminal, with git’s reason and what to do', async () => {
    let refused: unknown;
    try {
      repositoryRoot({ directory: join(repository, 'templates'), env });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(InvalidInput);
    expect(refused).toMatchObject({
      diagnostics: [
        {
          message: `git refuses the repository at ${repository}: another user owns it, who could have written hooks and settings into it`,
          fix: `run ami-layers as its owner; or, when you trust it: git config --global --add safe.directory ${repository}`,
        },
      ],
    });
    expect(await askEverything(env)).toEqual([undefined, []]);
    expect(() => createGitWorkspace(repository, { commit: 'HEAD', env })).toThrow('dubious ownership');
    expect(readdirSync(ran)).toEqual([]);
  });

  test('is read in a job whose workspace it is, and runs nothing there', async () => {
    expect(await askEverything(inActions())).toEqual([HEAD, ['templates/new.yaml']]);
    expect(repositoryRoot({ directory: repository, env: inActions() })).toBe(repository);
    expect(readdirSync(ran)).toEqual([]);
  });

  test('is refused in a job whose workspace is another folder', async () => {
    const elsewhere = { ...inActions(), GITHUB_WORKSPACE: ran };
    expect(await askEverything(elsewhere)).toEqual([undefined, []]);
  });
});

test('a filter of a repository or of a submodule is not run to compare files, nor a way to its remote', async () => {
  const other = join(folder, 'filtering');
  const own = (at: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Amy', '-c', 'user.email=amy@example.com', ...args], {
      cwd: at,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  const program = join(folder, 'program');
  const sub = join(other, 'sub');
  for (const at of [other, sub]) {
    mkdirSync(at);
    own(at, 'init', '--quiet', '--initial-branch=main');
    writeFileSync(join(at, 'a.yaml'), 'base: al2023\n');
    writeFileSync(join(at, '.gitattributes'), '*.yaml filter=a=b.c\n');
    own(at, 'add', '--all');
    own(at, 'commit', '--quiet', '--message', 'first');
  }
  own(other, 'add', '--all');
  own(other, 'commit', '--quiet', '--message', 'second');
  for (const at of [other, sub]) {
    for (const setting of ['clean', 'process']) own(at, 'config', `filter.a=b.c.${setting}`, program);
    own(at, 'config', 'filter.a=b.c.required', 'true');
    writeFileSync(join(at, 'a.yaml'), 'base: ubuntu-24.04\n');
  }
  expect(await uncommittedNames(makeGit(other, env))).toEqual(['a.yaml']);
  expect(readdirSync(ran)).toEqual([]);

  const tree = own(other, 'rev-parse', 'HEAD^{tree}');
  own(other, 'config', 'extensions.partialClone', 'origin');
  own(other, 'config', 'remote.origin.promisor', 'true');
  own(other, 'config', 'remote.origin.url', 'ssh://git.example/images');
  own(other, 'config', 'core.sshCommand', program);
  rmSync(join(other, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  // As a git does that is too old to know GIT_NO_LAZY_FETCH.
  const { leading, env: started } = gitStart(other, env);
  const asked = spawnSync('git', [...leading, 'ls-tree', tree], {
    cwd: other,
    env: { ...started, GIT_NO_LAZY_FETCH: '0' },
    encoding: 'utf8',
  });
  expect(asked.stderr).toContain("transport 'ssh' not allowed");
  expect(readdirSync(ran)).toEqual([]);
});

test('a bare repository that lies in a folder is none', async () => {
  const bare = join(folder, 'repository/bare');
  execFileSync('git', ['init', '--quiet', '--bare', bare]);
  expect(existsSync(join(bare, 'HEAD'))).toBe(true);
  const answer = await makeGit(bare, { ...inActions() })('rev-parse', '--git-dir');
  expect(answer).toEqual({ ok: false, why: expect.stringContaining('cannot use bare repository') });
});
