import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writePlanFile, type PlanFile } from '../report/plan-file.js';

/** Writes the plan for a later run. What the checkout has under that name is in the way, and may be a link elsewhere. */
export function leavePlan(
  plan: PlanFile,
  { directory, path }: { readonly directory: string; readonly path: string },
): void {
  const file = resolve(directory, path);
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) rmSync(file);
  writeFileSync(file, writePlanFile(plan), { flag: 'wx' });
}
