import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { linkLayers } from '../graph/link-layers.js';
import type { Fetched } from '../template/elsewhere.js';
import type { Layer } from '../template/layer.js';
import { loadInSteps, type LoadedTemplates, type LoadOptions } from '../template/load-templates.js';
import type { Workspace } from '../workspace/workspace.js';

export interface TemplatesAsked {
  /** Files, folders or globs with templates, relative to the repository root. */
  readonly templates: readonly string[];
  /** Longest chain of layers allowed; undefined: 10. */
  readonly maxDepth?: number | undefined;
}

/** Reads and links all templates, and those elsewhere that they name. Throws `InvalidInput` with every problem of all. */
export async function readTemplates(
  { templates, maxDepth }: TemplatesAsked,
  workspace: Workspace,
  signal?: AbortSignal,
): Promise<{ readonly layers: readonly Layer[]; readonly graph: LayerGraph }> {
  const first = await load({ workspace, templates }, signal);
  const elsewhere = await fetchAll(first.unfetched, workspace);
  const loaded = elsewhere.size === 0 ? first : await load({ workspace, templates, elsewhere }, signal);
  const { layers, brokenTemplates } = loaded;
  const { graph, diagnostics } = linkLayers(layers, { maxDepth, brokenTemplates });
  const problems = [...loaded.diagnostics, ...diagnostics];
  if (problems.length > 0) throw new InvalidInput(problems);
  return { layers, graph };
}

/** So many files are read in milliseconds; then whoever wants to cancel is heard. */
const FILES_AT_ONCE = 50;

async function load(options: LoadOptions, signal: AbortSignal | undefined): Promise<LoadedTemplates> {
  const reading = loadInSteps(options);
  for (let files = 0; ; files += 1) {
    const step = reading.next();
    if (step.done === true) return step.value;
    if (files % FILES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true) throw cancelled();
  }
}

function cancelled(): InvalidInput {
  const message = 'the run was cancelled while its templates were read';
  return new InvalidInput([{ code: 'bad-input', message, fix: 'start it again; nothing was built.' }]);
}

async function fetchAll(urls: readonly string[], { fetch }: Workspace): Promise<ReadonlyMap<string, Fetched>> {
  const fetched = urls.map(async (url): Promise<readonly [string, Fetched]> => {
    try {
      return [url, { bytes: await fetch(url) }];
    } catch (error) {
      return [url, { problem: error instanceof Error ? error.message : String(error) }];
    }
  });
  return new Map(await Promise.all(fetched));
}
