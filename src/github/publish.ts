import { setOutput } from '@actions/core';
import type { Annotation } from '../report/annotations.js';
import { tell } from './logs.js';

/** What could not be published, one line each. Reporting never fails a build, so that none of these throws. */
export type Warnings = readonly string[];

/** Sets the action's outputs. */
export function publishOutputs(values: Readonly<Record<string, string>>): Warnings {
  return Object.entries(values).flatMap(([name, value]) =>
    attempt(`the output "${name}" was not set`, () => setOutput(name, value)),
  );
}

/** Writes the job summary, in place of what this step wrote before. */
export async function publishSummary(markdown: string): Promise<Warnings> {
  try {
    const { writeSummary } = await import('./write-summary.js');
    await writeSummary(markdown);
    return [];
  } catch (cause) {
    return [renderWarning('the job summary was not written', cause)];
  }
}

/** Shows messages on the lines of the templates they speak of. */
export function publishAnnotations(annotations: readonly Annotation[]): Warnings {
  return annotations.flatMap((annotation) =>
    attempt('an annotation was not written', () =>
      tell(annotation.level, annotation.message, propertiesOf(annotation)),
    ),
  );
}

/** Ends the step as failed once the process ends, with the one line that says why. */
export function publishFailure(line: string): void {
  // eslint-disable-next-line no-restricted-properties -- as setFailed of @actions/core, which prints by itself
  process.exitCode = 1;
  tell('error', line);
}

function propertiesOf({ title, place }: Annotation): Readonly<Record<string, string | number>> {
  if (place === undefined) return { title };
  return { title, file: place.file, line: place.line, col: place.column, endColumn: place.endColumn };
}

function attempt(failed: string, publish: () => void): Warnings {
  try {
    publish();
    return [];
  } catch (cause) {
    return [renderWarning(failed, cause)];
  }
}

function renderWarning(failed: string, cause: unknown): string {
  return `${failed}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
