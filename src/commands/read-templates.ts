import { InvalidInput } from '../diagnostics/diagnostic.js';
import type { LayerGraph } from '../graph/layer-graph.js';
import { linkLayers } from '../graph/link-layers.js';
import type { Fetched } from '../template/elsewhere.js';
import type { Layer } from '../template/layer.js';
import { loadTemplates } from '../template/load-templates.js';
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
): Promise<{ readonly layers: readonly Layer[]; readonly graph: LayerGraph }> {
  const first = loadTemplates({ workspace, templates });
  const elsewhere = await fetchAll(first.unfetched, workspace);
  const loaded = elsewhere.size === 0 ? first : loadTemplates({ workspace, templates, elsewhere });
  const { layers, brokenTemplates } = loaded;
  const { graph, diagnostics } = linkLayers(layers, { maxDepth, brokenTemplates });
  const problems = [...loaded.diagnostics, ...diagnostics];
  if (problems.length > 0) throw new InvalidInput(problems);
  return { layers, graph };
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
