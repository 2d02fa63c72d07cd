import { locationOf, type Span } from '../diagnostics/diagnostic.js';
import { isMapping } from './mapping.js';
import type { Path, YamlTree } from './yaml-tree.js';

/** What a template says, value by value, each with the place that says it. */
export type View = ValueView | ListView | MappingView;

export interface ValueView {
  readonly kind: 'value';
  readonly value: string | number | boolean | null;
  /** Undefined: nobody wrote it, it is the default. */
  readonly origin: Span | undefined;
}

export interface ListView {
  readonly kind: 'list';
  readonly items: readonly View[];
}

export interface MappingView {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, View>;
}

/** A YAML file as a view. */
export function viewOfTree(tree: YamlTree): View {
  return viewOf(tree.value, (path) => tree.spanOf(path));
}

/** A plain value as a view; `originOf` knows where the value of a path was written. */
export function viewOf(value: unknown, originOf: (path: Path) => Span | undefined, path: Path = []): View {
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item, index) => viewOf(item, originOf, [...path, index])) };
  }
  if (isMapping(value)) {
    const entries = Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, viewOf(item, originOf, [...path, key])] as const],
    );
    return { kind: 'mapping', entries: new Map(entries) };
  }
  return { kind: 'value', value: value as ValueView['value'], origin: originOf(path) };
}

/** The view without its places. */
export function plainOf(view: View): unknown {
  switch (view.kind) {
    case 'value':
      return view.value;
    case 'list':
      return view.items.map(plainOf);
    case 'mapping':
      return Object.fromEntries([...view.entries].map(([key, item]) => [key, plainOf(item)]));
  }
}

/** `software.packages[0]` → `templates/foundation.yaml:5:7`, for every value that somebody wrote. */
export function originsOf(view: View, path = ''): readonly (readonly [string, string])[] {
  switch (view.kind) {
    case 'value':
      return view.origin === undefined ? [] : [[path, locationOf(view.origin)]];
    case 'list':
      return view.items.flatMap((item, index) => originsOf(item, `${path}[${index}]`));
    case 'mapping':
      return [...view.entries].flatMap(([key, item]) => originsOf(item, path === '' ? key : `${path}.${key}`));
  }
}
