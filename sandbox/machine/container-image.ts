import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const ENGINES = ['docker', 'podman'] as const;

/**
 * Writes the file system of a container image into a tar file, pulling the image when the engine does not have it. No
 * program of the image is run.
 *
 * @throws Error in one sentence, with a `Fix:`, without an engine that answers, or when the engine refuses.
 */
export async function exportContainerImage(name: string, file: string): Promise<void> {
  const engine = await findEngine();
  if (engine === undefined) {
    throw new Error(`image:${name} needs Docker or Podman, and neither answers. Fix: install or start one`);
  }
  try {
    // The command is never run, but an image without one of its own has to be given some.
    const created = await execute(engine, ['create', name, '/bin/sh']);
    const container = created.stdout.trim().split('\n').at(-1) ?? '';
    try {
      await execute(engine, ['export', '--output', file, container]);
    } finally {
      await execute(engine, ['rm', container]);
    }
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`${engine} did not give the image ${name}: ${said}. Fix: try "${engine} pull ${name}"`, {
      cause: error,
    });
  }
}

async function findEngine(): Promise<(typeof ENGINES)[number] | undefined> {
  for (const engine of ENGINES) {
    // `version` also asks Docker's daemon, without which the program is of no use.
    const answers = await execute(engine, ['version']).then(
      () => true,
      () => false,
    );
    if (answers) return engine;
  }
  return undefined;
}
