import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ACCOUNT_ID } from './account.js';
import { openClock } from './clock-file.js';
import { BASE_MARKER, type DaemonFile } from './control.js';
import { DEFAULT_DELAYS, type Delays } from './delays.js';
import { openKeyring } from './keyring.js';
import { listLayers } from './ec2/layer-references.js';
import { openBase } from './machine/base.js';
import { measureBase } from './machine/measure-base.js';
import { openNetwork } from './machine/network.js';
import { openStore } from './machine/store.js';
import { recover } from './recover.js';
import { makeServer } from './serve.js';
import type { Throttling } from './throttle.js';
import { openWorld, type World } from './world.js';

/**
 * The daemon. start.ts runs it in a mount namespace of its own, with the directory's lock held for as long as it lives:
 *
 *     node server.js --directory D [--base NAME [--base-archive TAR]] [--overlay DIR]... [--port N] [--idle-minutes N] [--delays JSON]
 *         [--clock-rate N] [--throttling JSON]
 */
const { values: options } = parseArgs({
  options: {
    directory: { type: 'string', default: '.' },
    base: { type: 'string' },
    'base-archive': { type: 'string' },
    overlay: { type: 'string', multiple: true },
    port: { type: 'string', default: '0' },
    'idle-minutes': { type: 'string', default: '15' },
    delays: { type: 'string', default: '{}' },
    'clock-rate': { type: 'string', default: '1' },
    throttling: { type: 'string' },
  },
});

const MINUTE_MS = 60_000;

const directory = realpathSync(options.directory);
const daemonFile = path.join(directory, 'daemon.json');
const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const delays: Delays = { ...DEFAULT_DELAYS, ...(JSON.parse(options.delays) as Partial<Delays>) };

// Whatever the user's own is: directories of images are for everybody to read.
process.umask(0o022);
const store = await openStore(directory);
const base = await openBase({
  storePath: store.path,
  wanted: options.base,
  archive: options['base-archive'],
  overlays: options.overlay,
  ownDirectories: [directory, packageRoot],
  isInUse: (await listLayers(store.path)).length > 0,
});
if (store.durable) writeFileSync(path.join(directory, BASE_MARKER), base.name);
const clock = openClock({ directory: store.path, rate: Number(options['clock-rate']) });
const network = await openNetwork(store.path);
const keyring = openKeyring(store.path);
const world = openWorld({ store, base, clock, keyring, delays, network });
if (options.throttling !== undefined) world.throttle.set(JSON.parse(options.throttling) as Throttling);
await recover(world);

const nonce = randomUUID();
const token = randomBytes(24).toString('base64url');
let lastRequestAt = Date.now();
const server = makeServer({
  daemon: { world, nonce, baseMeasured: knowBaseSize(world), stop },
  token,
  onRequest: () => {
    lastRequestAt = Date.now();
  },
});
// The usual reason is a port that is in use. What was thrown ends the daemon, and start.ts shows its last words.
server.once('error', (error) => {
  throw new Error(`it cannot listen: ${error.message}`);
});
server.listen(Number(options.port), '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  world.endpoint = `http://127.0.0.1:${address.port}`;
  announce({ port: address.port, pid: process.pid, nonce, token, ...keyring.keyOf(ACCOUNT_ID) });
});
setInterval(stopWhenIdle, MINUTE_MS / 4).unref();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
// A bug in what goes on behind one instance must not end all the others.
process.on('unhandledRejection', (error) => console.error(error));

/** Renamed into place when the server answers; the user's own when sudo started it. */
function announce(content: DaemonFile): void {
  const draft = `${daemonFile}.new`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  const { SUDO_UID: uid, SUDO_GID: gid } = process.env;
  if (uid !== undefined && gid !== undefined) chownSync(draft, Number(uid), Number(gid));
  renameSync(draft, daemonFile);
}

/** Measured once in the life of a store, behind everything else. */
async function knowBaseSize({ base, state, changed }: World): Promise<void> {
  if (state.baseBytes !== undefined && !base.isNew) return;
  state.baseBytes = await measureBase(base);
  changed('baseBytes');
}

function stopWhenIdle(): void {
  const idleMs = Number(options['idle-minutes']) * MINUTE_MS;
  if (world.running.size === 0 && Date.now() - lastRequestAt > idleMs) stop();
}

/** Machines end with the daemon (see boot.ts); what they were is in the state. */
function stop(): void {
  rmSync(daemonFile, { force: true });
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}
