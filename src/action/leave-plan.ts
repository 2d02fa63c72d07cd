import { InvalidInput } from '../diagnostics/diagnostic.js';
import { writePlanFile, type PlanFile } from '../report/plan-file.js';
import { writeOwnFile } from '../workspace/own-files.js';

/** Writes the plan for a later run; returns why not. What the checkout has under that name is in the way, and may be a link. */
export function leavePlan(
  plan: PlanFile,
  { directory, path }: { readonly directory: string; readonly path: string },
): readonly string[] {
  try {
    writeOwnFile(directory, path, { content: writePlanFile(plan), how: 'new-in-place' });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.diagnostics.map(({ message, fix }) => `the plan was not left: ${message}. Fix: ${fix}`);
  }
}
