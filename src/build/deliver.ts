import { Cancelled } from '../lib/batch-poll.js';
import type { Bundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import { untilItEnds, type OnInstance } from './instance-waits.js';
import { ASIDE } from './on-instance/layout.js';

/** Base64 characters in one command; an SSM document may have 64 KB, and the exact limit of parameters is undocumented. */
const CHUNKS = /.{1,30000}/g;

/** Larger bundles would take minutes of commands; an S3 download in a step is the better way then. */
const MAX_BUNDLE_BYTES = 5 * 1024 * 1024;

/**
 * The agent has five workers and five places, and on Systems Manager's present path drops what is over (amazon-ssm-agent
 * 3.3, mgsinteractor.go: ProcessorBufferFull).
 */
const MOST_UNDELIVERED = 4;

const LOOK_INTERVAL_MS = 2_000;

/** The last command waits on the instance for the chunks of the others, which may be carried out after it. */
const CHUNKS_TIMEOUT_SECONDS = 300;

/**
 * Brings a bundle onto an instance without a bucket: numbered chunks through commands, put together and checked there.
 * The last command also starts the runner. At most four are under way at a time: the fourth ends when the chunks of all
 * before it are there. Every one of them may be sent and carried out twice, and does nothing where a runner has begun: an
 * earlier run may have delivered. Returns the id of the last, or of one that failed.
 */
export async function deliver(on: OnInstance, bundle: Bundle, context: BuildContext): Promise<string> {
  const { cloud } = context;
  const { archive } = bundle;
  if (archive.length > MAX_BUNDLE_BYTES) {
    throw failed({
      phase: on.phase,
      message: `scripts and inputs come to ${archive.length} bytes compressed, more than the ${MAX_BUNDLE_BYTES} that can be delivered`,
      fix: 'put large files into S3 or a package repository and fetch them in a step.',
    });
  }
  const send = (script: string): Promise<string> =>
    cloud.sendCommand({
      instanceIds: [on.instanceId],
      comment: 'ami-layers: deliver',
      script: `${unlessBegun(bundle)}\n${script}`,
      timeoutSeconds: CHUNKS_TIMEOUT_SECONDS + 60,
    });
  const chunks = archive.toString('base64').match(CHUNKS) ?? [];
  for (const [index, chunk] of chunks.slice(0, -1).entries()) {
    const isFull = (index + 1) % MOST_UNDELIVERED === 0;
    const commandId = await send(`${writeChunk(chunk, index)}${isFull ? `\n${awaitChunks(index + 1)}` : ''}`);
    if (isFull && !(await isDelivered(on, commandId, context))) return commandId;
  }
  const last = writeChunk(chunks.at(-1) ?? '', chunks.length - 1);
  return send(`${last}\n${unpack(bundle, chunks.length)}\n${bundle.root}/runner start\n${bundle.afterwards}`);
}

/** False once the command has failed; also when it has not ended in time, which whoever waits for the runner says. */
async function isDelivered(on: OnInstance, commandId: string, context: BuildContext): Promise<boolean> {
  const { cloud, clock, signal, budgets } = context;
  return untilItEnds(on, context, async (abandon) => {
    const stop = AbortSignal.any([signal, abandon]);
    const deadline = clock.now() + budgets.deliverTimeoutMs;
    while (!stop.aborted && clock.now() < deadline) {
      const end = await cloud.commandEnd(commandId, on.instanceId);
      if (end !== undefined) return end.exitCode === 0;
      await clock.sleep(LOOK_INTERVAL_MS, stop);
    }
    if (signal.aborted) throw new Cancelled();
    return false;
  });
}

/** What the delivery of a bundle failed with, in words; undefined while it has not ended, or ended well. */
export async function whyUndelivered(
  on: OnInstance,
  commandId: string,
  { cloud }: BuildContext,
): Promise<readonly string[] | undefined> {
  const end = await cloud.commandEnd(commandId, on.instanceId);
  return end === undefined || end.exitCode === 0
    ? undefined
    : [end.detail, ...`${end.output}\n${end.errorOutput}`.split('\n')];
}

function unlessBegun({ root }: Bundle): string {
  return `set -e
umask 077
if [ -e ${ASIDE}/events ]; then exit 0; fi
if [ -e ${root}/events ]; then exec ${root}/runner start; fi
mkdir -p ${root}
chmod 700 ${root}
cd ${root}`;
}

/** Base64 has no character that means something to a shell, or to the agent's `{{ssm:…}}` substitution. */
function writeChunk(chunk: string, index: number): string {
  const file = `chunk.${String(index).padStart(5, '0')}`;
  return `printf %s ${chunk} >.${file}\nmv .${file} ${file}`;
}

function unpack({ sha256 }: Bundle, count: number): string {
  return `${awaitChunks(count)}
cat chunk.* | base64 -d >bundle.tar.gz
echo '${sha256}  bundle.tar.gz' | sha256sum -c -
umask 022
tar -xzf bundle.tar.gz
rm -f chunk.* bundle.tar.gz`;
}

function awaitChunks(count: number): string {
  return `turns=0
while [ "$(ls | grep -c '^chunk[.]')" -lt ${count} ]; do
  turns=$((turns + 1))
  if [ "$turns" -gt ${CHUNKS_TIMEOUT_SECONDS} ]; then echo 'some of the scripts did not arrive'; exit 1; fi
  sleep 1
done`;
}
