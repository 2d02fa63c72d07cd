import { InvalidInput, type Diagnostic } from '../diagnostics/diagnostic.js';
import { matchOrReport } from '../diagnostics/pattern-diagnostic.js';
import { matchesAny } from '../lib/glob.js';
import type { ImageRecord } from '../images/image-record.js';
import { renderImages } from '../report/image-table.js';
import type { ListFlags } from './flags.js';
import { openSession } from './session.js';
import type { Terminal } from './terminal.js';

/** `ami-layers list`: the images of one Region; returns the exit status. */
export async function runList(flags: ListFlags, terminal: Terminal): Promise<number> {
  const { ports, region } = await openSession(flags, terminal);
  if (region === undefined) {
    throw new InvalidInput([
      { code: 'bad-input', message: 'there is no Region to look in', fix: 'give --region, or set AWS_REGION.' },
    ]);
  }
  const wanted = layersWanted(flags.layer);
  const all = await ports.cloudIn(region).listImages({ latest: flags.latest === true });
  const images = all.filter((image) => wanted(image.layer)).sort(byLayerThenNewest);
  if (flags.json === true) terminal.out(JSON.stringify(images, undefined, 2));
  else for (const line of renderImages(images, ports.clock.now())) terminal.out(line);
  return 0;
}

function layersWanted(patterns: readonly string[]): (layer: string) => boolean {
  if (patterns.length === 0) return () => true;
  const problems: Diagnostic[] = [];
  const matches = matchOrReport(() => matchesAny(patterns), { report: (problem) => problems.push(problem) });
  if (matches === undefined) throw new InvalidInput(problems);
  return matches;
}

function byLayerThenNewest(a: ImageRecord, b: ImageRecord): number {
  if (a.layer !== b.layer) return a.layer < b.layer ? -1 : 1;
  return a.created < b.created ? 1 : -1;
}
