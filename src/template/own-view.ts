import type { Layer, Step } from './layer.js';
import { repositoryPath } from './repository-path.js';
import { viewOf, viewOfTree, type MappingView, type View } from './template-view.js';
import { readYaml } from './yaml-tree.js';

/** Where templates name files; a path in a view starts at the repository root, whichever template wrote it. */
const FILE_PATHS: ReadonlySet<string> = new Set([
  'provision[].script',
  'provision[].inputs[]',
  'validate.inputs[]',
  'files[].source',
  'seal.script',
  'validate.script',
]);

/** What the layer's template says, without `extends` and with paths from the repository root. */
export function ownView({ name, spans, templatePath }: Layer): MappingView {
  const { tree } = readYaml(spans.template.source);
  const written = tree === undefined ? undefined : viewOfTree(tree);
  if (written?.kind !== 'mapping') throw new Error(`${templatePath} is no template`);
  const rooted = rootedMapping(written, '', templatePath);
  return withEntry(withoutKeys(rooted, ['extends']), 'name', { kind: 'value', value: name, origin: spans.name });
}

export function withoutKeys(view: MappingView, keys: readonly string[]): MappingView {
  return { kind: 'mapping', entries: new Map([...view.entries].filter(([key]) => !keys.includes(key))) };
}

export function withEntry(view: MappingView, key: string, value: View): MappingView {
  return { kind: 'mapping', entries: new Map([...view.entries, [key, value]]) };
}

/** Scripts as what they are worth: a step's text in its place, a validation script as the first of the checks. */
export function withScripts(view: MappingView, layer: Layer): MappingView {
  return scriptAsCheck(scriptsAsText(view, layer), layer);
}

/** A validation script as the first of the checks: as it runs for the layers below. */
export function scriptAsCheck(view: MappingView, { validation }: Layer): MappingView {
  const validate = view.entries.get('validate');
  const { script } = validation;
  if (script === undefined || validate?.kind !== 'mapping') return view;
  const checks = validate.entries.get('checks');
  const first = viewOf({ name: script.path, run: script.script }, () => script.span);
  const items = [first, ...(checks?.kind === 'list' ? checks.items : [])];
  return withEntry(view, 'validate', withEntry(withoutKeys(validate, ['script']), 'checks', { kind: 'list', items }));
}

function scriptsAsText(view: MappingView, { steps }: Layer): MappingView {
  const provision = view.entries.get('provision');
  if (provision?.kind !== 'list') return view;
  const items = provision.items.map((item, index) => {
    const step = steps[index];
    return step === undefined || item.kind !== 'mapping' ? item : stepAsText(item, step);
  });
  return withEntry(view, 'provision', { kind: 'list', items });
}

function stepAsText(view: MappingView, { name, script, scriptPath, inputs, span }: Step): MappingView {
  const entries = new Map(view.entries);
  entries.set('name', entries.get('name') ?? { kind: 'value', value: name, origin: undefined });
  const path = entries.get('script');
  if (scriptPath !== undefined) {
    entries.delete('script');
    entries.set('run', { kind: 'value', value: script, origin: path?.kind === 'value' ? path.origin : span });
  }
  if (inputs.length > 0) {
    entries.set(
      'inputs',
      viewOf(
        inputs.map((input) => `/${input.path}`),
        () => span,
      ),
    );
  }
  return { kind: 'mapping', entries };
}

function rooted(view: View, place: string, templatePath: string): View {
  switch (view.kind) {
    case 'list':
      return { kind: 'list', items: view.items.map((item) => rooted(item, `${place}[]`, templatePath)) };
    case 'mapping':
      return rootedMapping(view, place, templatePath);
    case 'value': {
      const path =
        typeof view.value === 'string' && FILE_PATHS.has(place) ? repositoryPath(templatePath, view.value) : undefined;
      return path === undefined ? view : { ...view, value: `/${path}` };
    }
  }
}

function rootedMapping({ entries }: MappingView, place: string, templatePath: string): MappingView {
  return {
    kind: 'mapping',
    entries: new Map(
      [...entries].map(([key, value]) => [key, rooted(value, place === '' ? key : `${place}.${key}`, templatePath)]),
    ),
  };
}
