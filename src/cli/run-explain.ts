import { InvalidInput } from '../diagnostics/diagnostic.js';
import { explain, explainAgainst, explainImage, type VariantQuestion } from '../commands/explain.js';
import { renderChanges, renderImageComparison, renderInputs } from '../report/explain-text.js';
import type { Environment } from '../github/event.js';
import { createGitWorkspace } from '../workspace/git-workspace.js';
import { openCheckout } from './checkout.js';
import { layerQuestion } from './layer-question.js';
import { openSession } from './session.js';
import type { ExplainFlags } from './template-flags.js';
import type { Terminal } from './terminal.js';

/** `ami-layers explain <layer>`; returns the exit status. */
export async function runExplain(layer: string, flags: ExplainFlags, terminal: Terminal): Promise<number> {
  const question = {
    ...layerQuestion(layer, flags, openCheckout(terminal)),
    architecture: flags.architecture,
  };
  if (flags.image !== undefined) return runExplainImage({ ...question, imageId: flags.image }, flags, terminal);
  if (flags.against !== undefined) return runExplainAgainst(question, flags.against, { flags, terminal });
  const { workspace } = openCheckout(terminal);
  const { lineage } = await explain(question, workspace);
  const own = lineage.at(-1);
  if (flags.json === true) terminal.out(toJson(own));
  else if (own !== undefined) terminal.out(renderInputs(own));
  return 0;
}

async function runExplainAgainst(
  question: VariantQuestion,
  against: string,
  { flags, terminal }: { readonly flags: ExplainFlags; readonly terminal: Terminal },
): Promise<number> {
  const { root, workspace } = openCheckout(terminal);
  const { architecture, changes, lineage } = await explainAgainst(question, {
    workspace,
    before: workspaceAt(root, { commit: against, env: terminal.env }),
  });
  const layer = lineage.at(-1)?.layer ?? question.layer;
  if (flags.json === true) terminal.out(toJson({ layer, architecture, against, changes }));
  else terminal.out(renderChanges({ layer, architecture, against, changes }));
  return 0;
}

async function runExplainImage(
  question: VariantQuestion & { readonly imageId: string },
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<number> {
  const { ports, region } = await openSession(flags, terminal);
  if (region === undefined) {
    const message = 'there is no Region to look in';
    throw new InvalidInput([{ code: 'bad-input', message, fix: 'give --region, or set AWS_REGION.' }]);
  }
  const { workspace, cloudIn } = ports;
  const comparison = await explainImage(question, { workspace, cloud: cloudIn(region) });
  const { image, groups, architecture, lineage } = comparison;
  const own = lineage.at(-1);
  if (own === undefined) return 1;
  const { templateHash, layer } = own;
  if (flags.json === true) terminal.out(toJson({ layer, architecture, templateHash, image, groups }));
  else terminal.out(renderImageComparison({ own, image, groups }));
  return 0;
}

function workspaceAt(root: string, { commit, env }: { readonly commit: string; readonly env: Environment }) {
  try {
    return createGitWorkspace(root, { commit, env });
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n').slice(1);
    const message = `--against ${commit}: git knows no such commit here${line === '' ? '' : ` (${line.trim()})`}`;
    const fix = 'name a commit, branch or tag of this repository; in a shallow clone, fetch it first.';
    throw new InvalidInput([{ code: 'bad-input', message, fix }]);
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
