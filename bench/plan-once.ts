// One whole planning without AWS: read, parse, link, affected, hash, plan. Prints what it came to.
import { linkLayers } from '../src/graph/link-layers.js';
import { findAffected } from '../src/plan/affected.js';
import { makePlan } from '../src/plan/make-plan.js';
import { computeHashes } from '../src/plan/template-hash.js';
import { loadTemplates } from '../src/template/load-templates.js';
import { createFsWorkspace } from '../src/workspace/fs-workspace.js';

const [folder = '.', ...changedFiles] = process.argv.slice(2);
const workspace = createFsWorkspace(folder);
const loaded = loadTemplates({ workspace, templates: ['templates'] });
const { graph, diagnostics } = linkLayers(loaded.layers);
if (loaded.diagnostics.length + diagnostics.length > 0) throw new Error('the generated templates have problems');
const affected = findAffected(graph, changedFiles, workspace.links);
const plan = makePlan({
  graph,
  hashes: computeHashes(graph),
  targets: new Set(graph.order),
  affected,
  images: new Map(),
  rebuild: new Set(),
  reuse: 'any',
  defaultRegion: 'us-west-2',
});
console.log(`${plan.items.length} planned, ${affected.size} affected`);
