import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangedFiles, Wanted } from './changed-files.js';
import { diffNames, findMergeBase, makeGit, type Git, type GitAnswer } from './git.js';
import type { Remote } from './remote.js';

export interface Compared {
  /** What is checked out; undefined where that is no commit. */
  readonly head: string | undefined;
  readonly remote: Remote;
}

/** How a server is reached: by none of the programs that git would run for another scheme. */
const SERVERS = 'https:http:file';

const BASE = 'refs/compared/base';
const HEAD = 'refs/compared/head';

/** Commits fetched at first to find where two branches parted; each further round doubles it, the last one takes all. */
const FIRST_DEPTH = 100;
const ROUNDS = 4;

/**
 * Compares two commits in a repository of its own, with no more of them than it takes: their trees, never a file. So
 * the checkout stays as the workflow made it, whatever its depth, filter and credentials.
 */
export async function compareFetched(wanted: Wanted, { head, remote }: Compared): Promise<ChangedFiles> {
  if (head === undefined) return { known: false, why: 'what is checked out is no commit of a git repository' };
  const directory = await mkdtemp(join(tmpdir(), 'ami-layers-git-'));
  try {
    const inside = makeGit(directory, remote.environment, SERVERS);
    const git: Git = (...args) => inside('--git-dir=.', ...args);
    await git('init', '--quiet', '--bare');
    return await compareIn(git, { wanted, head, url: `${remote.serverUrl}/${remote.repository}` });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Asked {
  readonly wanted: Wanted;
  readonly head: string;
  readonly url: string;
}

async function compareIn(git: Git, { wanted, head, url }: Asked): Promise<ChangedFiles> {
  const fetch = (depth: string, refspec: string): Promise<GitAnswer> =>
    git('fetch', '--quiet', '--no-tags', '--filter=blob:none', depth, url, refspec);
  const fetchBoth = async (depth: string): Promise<GitAnswer> => {
    const got = await fetch(depth, `+${head}:${HEAD}`);
    return got.ok ? fetchFirst(sourcesOf(wanted.base), (source) => fetch(depth, `+${source}:${BASE}`)) : got;
  };

  if (wanted.kind === 'with') {
    const got = await fetchBoth('--depth=1');
    return got.ok ? differing(git, BASE) : { known: false, why: `git could not fetch it (${got.why})` };
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const all = round === ROUNDS - 1;
    const got = await fetchBoth(`--depth=${all ? EVERYTHING : FIRST_DEPTH * 2 ** round}`);
    if (!got.ok) return { known: false, why: `git could not fetch it (${got.why})` };
    const parted = await findMergeBase(git, BASE, HEAD);
    if (parted !== undefined) return differing(git, parted);
  }
  return differing(git, BASE);
}

/** git's own word for "no limit" (`--unshallow` in fetch-pack). */
const EVERYTHING = 2_147_483_647;

async function differing(git: Git, from: string): Promise<ChangedFiles> {
  const base = await git('rev-parse', from);
  const files = await diffNames(git, from, HEAD);
  if (!base.ok || files === undefined) return { known: false, why: 'git could not compare what it fetched' };
  return { known: true, base: base.text.trim(), files };
}

/** A commit or a full name as it is; a short name as a branch, then as a tag. */
function sourcesOf(base: string): readonly string[] {
  if (/^[0-9a-f]{40,64}$/.test(base) || base.startsWith('refs/')) return [base];
  const name = base.replace(/^origin\//, '');
  return [`refs/heads/${name}`, `refs/tags/${name}`];
}

async function fetchFirst(
  sources: readonly string[],
  fetch: (source: string) => Promise<GitAnswer>,
): Promise<GitAnswer> {
  let answer: GitAnswer = { ok: false, why: 'there is nothing to fetch' };
  for (const source of sources) {
    answer = await fetch(source);
    if (answer.ok) break;
  }
  return answer;
}
