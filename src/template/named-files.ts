import type { Span } from '../diagnostics/diagnostic.js';
import type { LayerFiles } from './layer-files.js';
import { isMapping } from './mapping.js';
import { PATH } from './patterns.js';
import type { Path, YamlTree } from './yaml-tree.js';

/** The value of every key that is text, as far as a template with other problems says it. */
type Named = readonly { readonly written: string; readonly span: Span }[];

/** Reads the files that a template with problems names, so that what is missing is reported in the same run. */
export function readNamedFiles(tree: YamlTree, files: LayerFiles): void {
  const templatePath = tree.source.path;
  const scripts = [
    ...named(tree, ['provision', 'script']),
    ...named(tree, ['validate', 'script']),
    ...named(tree, ['seal', 'script']),
  ];
  for (const mention of scripts) files.readScript({ templatePath, ...mention });
  const inputs = [
    ...named(tree, ['provision', 'inputs']),
    ...named(tree, ['validate', 'inputs']),
    ...named(tree, ['files', 'source']),
  ];
  for (const mention of inputs) files.readInputs({ templatePath, ...mention });
}

/** What stands at a path of keys, in whichever items of the lists on the way. */
function named(tree: YamlTree, keys: readonly string[]): Named {
  const below = (value: unknown, path: Path, rest: readonly string[]): Named => {
    if (Array.isArray(value)) return value.flatMap((item, index) => below(item, [...path, index], rest));
    const [key, ...others] = rest;
    if (key !== undefined) return isMapping(value) ? below(value[key], [...path, key], others) : [];
    return typeof value === 'string' && PATH.test(value) ? [{ written: value, span: tree.spanOf(path) }] : [];
  };
  return below(tree.value, [], keys);
}
