import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { gitStart } from './git-arguments.js';

/** What a commit has at a path. */
export interface CommittedEntry {
  /** As git writes it: `100644`, `100755`, `120000` a symbolic link, `160000` another repository. */
  readonly mode: string;
  readonly id: string;
}

/** The files of a commit, each proven to be of it: ids are hashes of what they name, from the commit's own down. */
export interface CommittedTree {
  /** Links to files and folders of the same commit are followed. */
  readonly find: (path: string) => CommittedEntry | undefined;
  readonly paths: () => Iterable<string>;
  /** The content of a blob; undefined where it is not here, or not what its id says. */
  readonly blob: (id: string) => Buffer | undefined;
}

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
type Environment = Readonly<Record<string, string | undefined>>;

const LINK = '120000';
const FOLDER = '40000';
const MOST_LINKS = 10;
const MOST_OUTPUT_BYTES = 512 * 1024 * 1024;

/**
 * Reads a commit of the git repository in a folder, whoever the folder's files are from: nothing that git says is taken
 * for true unless its hash is right, and git is not let near anything that its configuration could make it run. Undefined
 * where the repository does not have the commit whole.
 */
export function readCommittedTree(folder: string, commit: string, env: Environment): CommittedTree | undefined {
  if (!OBJECT_ID.test(commit)) return undefined;
  const start = gitStart(folder, env);
  const git = (input: string | undefined, ...args: readonly string[]): Buffer =>
    execFileSync('git', [...start.leading, ...args], {
      cwd: folder,
      ...(input === undefined ? {} : { input }),
      env: start.env,
      maxBuffer: MOST_OUTPUT_BYTES,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    });
  const readObjects = (ids: readonly string[]): ReadonlyMap<string, GitObject> =>
    parseObjects(git(`${ids.join('\n')}\n`, 'cat-file', '--batch'));
  try {
    const listing = git(undefined, 'ls-tree', '-r', '-t', '-z', '--full-tree', '--end-of-options', commit).toString();
    const ids = [...listing.matchAll(/(?:^|\0)(?:040000 tree|120000 blob) ([0-9a-f]+)\t/g)].flatMap(
      ([, id]) => id ?? [],
    );
    const [, rootTree] = /^tree ([0-9a-f]+)\n/.exec(readObjects([commit]).get(commit)?.content.toString() ?? '') ?? [];
    if (rootTree === undefined) return undefined;
    const objects = readObjects([...new Set([rootTree, ...ids])]);
    const entries = new Map<string, CommittedEntry>();
    if (!collect({ tree: rootTree, prefix: '' }, objects, entries)) return undefined;
    return {
      find: (path) => follow(path, entries, (id) => objects.get(id)?.content.toString()),
      paths: () => entries.keys(),
      blob: (id) => readObjects([id]).get(id)?.content,
    };
  } catch {
    return undefined;
  }
}

interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

/** `<id> <type> <size>`, the content, and a line end, for each; those that are missing, or are not what their id says, are left out. */
function parseObjects(output: Buffer): ReadonlyMap<string, GitObject> {
  const objects = new Map<string, GitObject>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    if (end === -1) break;
    const [id = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type === 'missing' || size === '') continue;
    const content = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    if (idOf(type, content, id.length) === id) objects.set(id, { type, content });
  }
  return objects;
}

/** The id that git gives to content, in the format whose ids have this many digits. */
function idOf(type: string, content: Uint8Array, digits: number): string {
  const hash = createHash(digits === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** Whether bytes are the blob that an id names. */
export function isBlob(bytes: Uint8Array, id: string): boolean {
  return idOf('blob', bytes, id.length) === id;
}

interface Place {
  readonly tree: string;
  readonly prefix: string;
}

/** False where a folder is not here, or not what its id says. */
function collect(root: Place, objects: ReadonlyMap<string, GitObject>, entries: Map<string, CommittedEntry>): boolean {
  const open: Place[] = [root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const object = objects.get(place.tree);
    if (object?.type !== 'tree') return false;
    for (const { name, mode, id } of parseTree(object.content, place.tree.length / 2)) {
      const path = place.prefix + name;
      if (mode === FOLDER) open.push({ tree: id, prefix: `${path}/` });
      else entries.set(path, { mode, id });
    }
  }
  return true;
}

/** `<mode> <name>`, a zero byte, and the id in bytes, for each entry. */
function* parseTree(content: Buffer, idBytes: number): Generator<CommittedEntry & { readonly name: string }> {
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const zero = content.indexOf(0, space);
    if (space === -1 || zero === -1) return;
    const id = content.toString('hex', zero + 1, zero + 1 + idBytes);
    yield { mode: content.toString('latin1', at, space), name: content.toString('utf8', space + 1, zero), id };
    at = zero + 1 + idBytes;
  }
}

/** Resolves links as the file system would, but within the commit. */
function follow(
  path: string,
  entries: ReadonlyMap<string, CommittedEntry>,
  linkText: (id: string) => string | undefined,
  links = 0,
): CommittedEntry | undefined {
  const entry = entries.get(path);
  if (entry !== undefined && entry.mode !== LINK) return entry;
  if (links >= MOST_LINKS) return undefined;
  const parts = path.split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    const prefix = parts.slice(0, count).join('/');
    const link = entries.get(prefix);
    if (link?.mode !== LINK) continue;
    const target = posix.normalize(posix.join(posix.dirname(prefix), linkText(link.id) ?? '', ...parts.slice(count)));
    return follow(target, entries, linkText, links + 1);
  }
  return undefined;
}
