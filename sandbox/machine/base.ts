import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeInitLayer } from './init-layer.js';
import { layOverlays, makeMachineBase } from './machine-base.js';
import { readPlatform, type Platform } from './platform.js';
import { runTool } from './run-tool.js';
import { inUserNamespace } from './user-namespace.js';

/** What lies under every image of a store. The same for the whole life of the store, because images stand on it. */
export interface Base {
  /** `machine`, `directory:<path>` or `image:<name>` */
  readonly name: string;
  /** Topmost first, relative to the store. */
  readonly layers: readonly string[];
  /** Above every image and below the instance's own layer: what no image gets. */
  readonly initLayer: string;
  /** Its own directories, absolute; for measuring. */
  readonly root: string;
  readonly platform: Platform;
  /** Whether the store stood on another until now. */
  readonly isNew: boolean;
}

export interface OpenBaseOptions {
  readonly storePath: string;
  /** As the user gave it; undefined: what the store has, else this machine. */
  readonly wanted: string | undefined;
  /** Tar file with the file system of the wanted container image; needed unless the store has it already. */
  readonly archive: string | undefined;
  /** Directories whose content lies over the base, the last one on top. Undefined: keep what was there. */
  readonly overlays: readonly string[] | undefined;
  /** Directories of this program's own that an image must not show. */
  readonly ownDirectories: readonly string[];
  /** Whether images stand on it. */
  readonly isInUse: boolean;
}

const OVERLAY = 'base/overlay';
const MASK = 'base/mask';
const INIT = 'base/init';
/** Where a directory is mounted, and an image unpacked. */
const ROOT = 'base/root';

/** @throws Error in one sentence, with a `Fix:` where there is one, when the base cannot be had. */
export async function openBase(options: OpenBaseOptions): Promise<Base> {
  const { storePath, overlays, ownDirectories } = options;
  const { name, isNew } = await chooseBase(options);
  await mkdir(path.join(storePath, ROOT), { recursive: true });
  await rm(path.join(storePath, MASK), { recursive: true, force: true });
  await rm(path.join(storePath, INIT), { recursive: true, force: true });
  const root = name === 'machine' ? '/' : path.join(storePath, ROOT);
  if (name === 'machine') await makeMachineBase({ storePath, mask: MASK, ownDirectories });
  if (name.startsWith('directory:')) await mountDirectory(name.slice('directory:'.length), root);
  if (name.startsWith('image:')) await unpackImage(name.slice('image:'.length), options.archive, root);
  if (name !== 'machine') await completeSystem(path.join(storePath, MASK));
  await makeInitLayer(path.join(storePath, INIT), root);
  await layOverlays(path.join(storePath, OVERLAY), overlays);
  await writeFile(path.join(storePath, BASE_FILE), name);
  return {
    name,
    layers: [OVERLAY, MASK, name === 'machine' ? '/' : ROOT],
    initLayer: INIT,
    root,
    platform: readPlatform(root),
    isNew,
  };
}

const BASE_FILE = 'base-name';

async function chooseBase({ storePath, wanted, isInUse }: OpenBaseOptions): Promise<Pick<Base, 'name' | 'isNew'>> {
  const file = path.join(storePath, BASE_FILE);
  const earlier = existsSync(file) ? readFileSync(file, 'utf8') : 'machine';
  if (wanted === undefined || wanted === earlier) return { name: earlier, isNew: false };
  if (isInUse) {
    throw new Error(
      `the images of this sandbox stand on ${earlier}, not on ${wanted}. Fix: reset it, or use another directory`,
    );
  }
  await rm(path.join(storePath, ROOT), { recursive: true, force: true });
  return { name: wanted, isNew: true };
}

/** Mounted, so that its path may have any characters: colons and commas mean something in an overlay's options. */
async function mountDirectory(directory: string, root: string): Promise<void> {
  if (!path.isAbsolute(directory) || !statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `there is no directory ${directory} to lay under images. Fix: give one that holds a root file system`,
    );
  }
  if (inUserNamespace() && statSync(directory).uid !== 0) {
    throw new Error(
      `${directory} is another user's, so in a user namespace its files could not be changed. Fix: take a copy of your own`,
    );
  }
  await runTool('mount', ['--bind', directory, root]);
  checkSystem(root, directory);
}

/** Unpacked beside its place, so that a half unpacked one is never taken for whole. */
async function unpackImage(name: string, archive: string | undefined, root: string): Promise<void> {
  if (existsSync(path.join(root, 'bin')) || existsSync(path.join(root, 'usr'))) return;
  if (archive === undefined) throw new Error(`the file system of the image ${name} was not given`);
  const draft = `${root}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await runTool('tar', [
    '--extract',
    '--file',
    archive,
    '--directory',
    draft,
    '--numeric-owner',
    '--preserve-permissions',
  ]);
  checkSystem(draft, name);
  await rm(root, { recursive: true, force: true });
  await rename(draft, root);
}

/** What boots here is a shell. */
function checkSystem(root: string, name: string): void {
  if (existsSync(path.join(root, 'bin')) || existsSync(path.join(root, 'usr/bin'))) return;
  throw new Error(`${name} is no root file system: it has neither bin nor usr/bin. Fix: give one that has`);
}

/** A system for containers need not have all that is mounted over; its network is this machine's, as its resolver has to be. */
async function completeSystem(mask: string): Promise<void> {
  for (const name of ['proc', 'sys', 'dev', 'run', 'etc']) await mkdir(path.join(mask, name), { recursive: true });
  const resolver = '/etc/resolv.conf';
  if (existsSync(resolver)) await writeFile(path.join(mask, resolver), readFileSync(resolver));
}
