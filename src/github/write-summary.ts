import { summary } from '@actions/core';

/** The job summary, in place of what this step wrote before. Loaded when there is one: it brings Node's fs/promises. */
export async function writeSummary(markdown: string): Promise<void> {
  await summary.emptyBuffer().addRaw(markdown).write({ overwrite: true });
}
