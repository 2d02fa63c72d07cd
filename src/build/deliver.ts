import pLimit from 'p-limit';
import type { Bundle } from './bundle.js';
import type { BuildContext } from './context.js';
import { failed } from './failed.js';
import type { OnInstance } from './instance-waits.js';
import { BUNDLE_ROOT } from './on-instance/layout.js';
import { lastLines, runCommand } from './run-command.js';

/** Base64 characters in one command; an SSM document may have 64 KB, and the exact limit of parameters is undocumented. */
const CHUNKS = /.{1,30000}/g;

/** Larger bundles would take minutes of commands; an S3 download in a step is the better way then. */
const MAX_BUNDLE_BYTES = 5 * 1024 * 1024;

const CHUNKS_AT_ONCE = 5;

/**
 * Brings a bundle onto an instance without a bucket: numbered chunks through commands, put together and checked there.
 * The order in which chunks arrive does not matter, and one that is written twice is the same.
 */
export async function deliver(
  on: OnInstance,
  bundle: Bundle,
  context: BuildContext,
  /** Shell text to run in the same command when all is there. */
  then = '',
): Promise<void> {
  const { archive, sha256 } = bundle;
  if (archive.length > MAX_BUNDLE_BYTES) {
    throw failed({
      phase: on.phase,
      message: `scripts and inputs come to ${archive.length} bytes compressed, more than the ${MAX_BUNDLE_BYTES} that can be delivered`,
      fix: 'put large files into S3 or a package repository and fetch them in a step.',
    });
  }
  const parts = archive.toString('base64').match(CHUNKS) ?? [];
  const limit = pLimit(CHUNKS_AT_ONCE);
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) {
    await run(on, `${write(only, 0)}\n${unpack(sha256)}\n${then}`, context);
    return;
  }
  await Promise.all(parts.map((part, index) => limit(() => run(on, write(part, index), context))));
  await run(on, `${unpack(sha256)}\n${then}`, context);
}

/** Base64 has no character that means something to a shell, or to the agent's `{{ssm:…}}` substitution. */
function write(part: string, index: number): string {
  const file = `${BUNDLE_ROOT}/chunk.${String(index).padStart(5, '0')}`;
  return `set -e\numask 077\nmkdir -p ${BUNDLE_ROOT}\nprintf %s ${part} > ${file}`;
}

function unpack(sha256: string): string {
  return `set -e
cd ${BUNDLE_ROOT}
cat chunk.* | base64 -d > bundle.tar.gz
echo '${sha256}  bundle.tar.gz' | sha256sum -c -
tar -xzf bundle.tar.gz
rm -f chunk.* bundle.tar.gz`;
}

async function run(on: OnInstance, script: string, context: BuildContext): Promise<void> {
  const end = await runCommand(on, { comment: 'ami-layers: deliver', script, timeoutSeconds: 300 }, context);
  if (end.exitCode === 0) return;
  throw failed({
    phase: on.phase,
    message: `the scripts could not be delivered to ${on.instanceId} (${end.detail})`,
    fix: 'the disk may be full or read-only; try a larger `builder.volume_gb`.',
    logTail: lastLines(`${end.output}\n${end.errorOutput}`),
  });
}
