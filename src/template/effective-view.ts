import type { Span } from '../diagnostics/diagnostic.js';
import { knownKeys } from './known-keys.js';
import type { Layer } from './layer.js';
import { isMapping } from './mapping.js';
import { ownView, scriptAsCheck, withoutKeys, withScripts } from './own-view.js';
import { templateSchema } from './schema.js';
import { plainOf, viewOf, type ListView, type MappingView, type View } from './template-view.js';
import type { Path } from './yaml-tree.js';

/** What belongs to one layer only: it names it, or steers its own build. */
const OWN_KEYS = ['name', 'version', 'description', 'tags', 'builder'];

/** Lists where the child's takes the place of the parent's. All others are joined, the parent's first. */
const REPLACED_LISTS: ReadonlySet<string> = new Set(['architectures', 'regions']);

/** Lists of mappings where one of the same name is merged with the parent's. */
const LISTS_BY_NAME: ReadonlySet<string> = new Set(['users']);

/**
 * What a layer and its ancestors say together, in the language of a template that stands alone. Only the layer's own
 * steps run on its builder; this is for reading, for comparing, and for machines without the ancestors' images.
 *
 * @param lineage the root layer first, the layer itself last.
 */
export function effectiveView(lineage: readonly Layer[]): MappingView {
  return inOrder(mergeLineage(lineage, { ancestors: scriptAsCheck, own: (view) => view }), []);
}

/** The same with everything filled in: the texts of scripts, the files behind patterns, and the defaults. */
export function resolvedView(lineage: readonly Layer[]): MappingView {
  const written = mergeLineage(lineage, { ancestors: withScripts, own: withScripts });
  const complete = viewOf(templateSchema.parse(withStandIns(plainOf(written))), (path) => originAt(written, path));
  return complete.kind === 'mapping' ? inOrder(withFilled(complete, written, []), []) : EMPTY;
}

/**
 * What files say rather than somebody who writes a template: scripts, and names as the file system has them. None of it has
 * to keep the rules for templates, which know the defaults; so these see something else in its place.
 */
const FILLED: ReadonlySet<string> = new Set([
  'provision[].name',
  'provision[].run',
  'provision[].inputs[]',
  'validate.inputs[]',
  'validate.checks[].name',
  'validate.checks[].run',
]);

const STAND_IN = 'x';

function withStandIns(value: unknown, place = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withStandIns(item, `${place}[]`));
  if (isMapping(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withStandIns(item, below(place, key))]));
  }
  return FILLED.has(place) ? STAND_IN : value;
}

function withFilled(view: MappingView, written: View, path: Path, place?: string): MappingView;
function withFilled(view: View, written: View, path: Path, place?: string): View;
function withFilled(view: View, written: View, path: Path, place = ''): View {
  switch (view.kind) {
    case 'value':
      return FILLED.has(place) ? (viewAt(written, path) ?? view) : view;
    case 'list':
      return {
        kind: 'list',
        items: view.items.map((item, index) => withFilled(item, written, [...path, index], `${place}[]`)),
      };
    case 'mapping': {
      const entries = [...view.entries].map(
        ([key, item]) => [key, withFilled(item, written, [...path, key], below(place, key))] as const,
      );
      return { kind: 'mapping', entries: new Map(entries) };
    }
  }
}

function below(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

const EMPTY: MappingView = { kind: 'mapping', entries: new Map() };

type Shape = (view: MappingView, layer: Layer) => MappingView;

function mergeLineage(
  lineage: readonly Layer[],
  shapes: { readonly ancestors: Shape; readonly own: Shape },
): MappingView {
  return lineage.reduce((above, layer, index) => {
    const shape = index === lineage.length - 1 ? shapes.own : shapes.ancestors;
    return mergeMappings(handedDown(above, layer), shape(ownView(layer), layer), '');
  }, EMPTY);
}

const INHERITED_OF_VALIDATE: readonly string[] = ['inputs', 'checks'];

/** What of the ancestors' view holds for a layer below. */
function handedDown(above: MappingView, { validation }: Layer): MappingView {
  const view = withoutKeys(above, OWN_KEYS);
  const validate = view.entries.get('validate');
  if (validate?.kind !== 'mapping') return view;
  const rest = withoutKeys(view, ['validate']);
  const inherited = [...validate.entries].filter(([key]) => INHERITED_OF_VALIDATE.includes(key));
  if (!validation.inherit || inherited.length === 0) return rest;
  const handed: View = { kind: 'mapping', entries: new Map(inherited) };
  return { kind: 'mapping', entries: new Map([...rest.entries, ['validate', handed]]) };
}

function merge(above: View, own: View, place: string): View {
  if (above.kind === 'mapping' && own.kind === 'mapping') return mergeMappings(above, own, place);
  if (above.kind !== 'list' || own.kind !== 'list' || REPLACED_LISTS.has(place)) return own;
  return LISTS_BY_NAME.has(place) ? joinByName(above, own, place) : join(above, own);
}

function mergeMappings(above: MappingView, own: MappingView, place: string): MappingView {
  const entries = new Map(above.entries);
  for (const [key, value] of own.entries) {
    const inherited = entries.get(key);
    entries.set(key, inherited === undefined ? value : merge(inherited, value, below(place, key)));
  }
  return { kind: 'mapping', entries };
}

/** The parent's items first; what it has already is not there twice. */
function join(above: ListView, own: ListView): ListView {
  const known = new Set(above.items.flatMap((item) => (item.kind === 'value' ? [item.value] : [])));
  const added = own.items.filter((item) => item.kind !== 'value' || !known.has(item.value));
  return { kind: 'list', items: [...above.items, ...added] };
}

function joinByName(above: ListView, own: ListView, place: string): ListView {
  const items = [...above.items];
  for (const item of own.items) {
    const at = items.findIndex((inherited) => nameOf(inherited) !== undefined && nameOf(inherited) === nameOf(item));
    const inherited = items[at];
    if (inherited === undefined) items.push(item);
    else items[at] = merge(inherited, item, `${place}[]`);
  }
  return { kind: 'list', items };
}

function nameOf(view: View): unknown {
  const name = view.kind === 'mapping' ? view.entries.get('name') : undefined;
  return name?.kind === 'value' ? name.value : undefined;
}

/** The keys of every mapping as the language lists them; those it does not list (variables, tags) as written. */
function inOrder(view: MappingView, path: Path): MappingView {
  const known = knownKeys(path);
  const rank = ([key]: readonly [string, View]): number => (known.includes(key) ? known.indexOf(key) : known.length);
  const entries = [...view.entries].sort((a, b) => rank(a) - rank(b));
  return { kind: 'mapping', entries: new Map(entries.map(([key, value]) => [key, orderBelow(value, [...path, key])])) };
}

function orderBelow(view: View, path: Path): View {
  if (view.kind === 'mapping') return inOrder(view, path);
  if (view.kind === 'value') return view;
  return { kind: 'list', items: view.items.map((item, index) => orderBelow(item, [...path, index])) };
}

function originAt(view: View, path: Path): Span | undefined {
  const at = viewAt(view, path);
  return at?.kind === 'value' ? at.origin : undefined;
}

function viewAt(view: View, path: Path): View | undefined {
  let at: View | undefined = view;
  for (const key of path) {
    if (at?.kind === 'mapping') at = at.entries.get(String(key));
    else if (at?.kind === 'list') at = at.items[Number(key)];
    else return undefined;
  }
  return at;
}
