import { showScript, showTemplate, type ShownTemplate } from '../commands/show.js';
import { locationOf } from '../diagnostics/diagnostic.js';
import { renderSteps } from '../report/steps-text.js';
import { renderView } from '../report/view-yaml.js';
import { baseText } from '../template/base-text.js';
import { originsOf, plainOf } from '../template/template-view.js';
import { openCheckout } from './checkout.js';
import { layerQuestion } from './layer-question.js';
import type { ShowFlags } from './template-flags.js';
import type { Terminal } from './terminal.js';

/** `ami-layers show <layer>`; returns the exit status. */
export async function runShow(layer: string, flags: ShowFlags, terminal: Terminal): Promise<number> {
  const { out, data } = terminal;
  const checkout = openCheckout(terminal);
  const question = layerQuestion(layer, flags, checkout);
  if (flags.script === true) {
    const shown = await showScript({ ...question, architecture: flags.architecture }, checkout.workspace);
    const steps = shown.steps.map(({ span, ...step }) => ({ ...step, at: locationOf(span) }));
    const { architecture, environment, node } = shown;
    const name = node.layer.name;
    if (flags.json === true) out(toJson({ layer: name, architecture, environment, steps }));
    else data(renderSteps({ layer: name, architecture, environment, steps: shown.steps }));
    return 0;
  }
  const shown = await showTemplate({ ...question, resolved: flags.resolved === true }, checkout.workspace);
  if (flags.json === true) out(templateJson(shown));
  else out(`# ${chainOf(shown)}\n${renderView(shown.view).trimEnd()}`);
  return 0;
}

/** `al2023 → foundation → gromacs` */
function chainOf({ lineage }: ShownTemplate): string {
  const root = lineage[0]?.layer.parent;
  const base = root?.kind === 'base' ? [baseText(root.reference)] : [];
  return [...base, ...lineage.map(({ layer }) => layer.name)].join(' → ');
}

function templateJson({ lineage, view }: ShownTemplate): string {
  return toJson({
    lineage: lineage.map(({ layer }) => layer.name),
    template: plainOf(view),
    origins: Object.fromEntries(originsOf(view)),
  });
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
