import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { closest } from '../lib/closest.js';
import { isMapping } from './mapping.js';
import { MOST_PROBLEMS } from './most-problems.js';
import type { YamlTree } from './yaml-tree.js';

/** An image has at most 50 tags (EC2 User Guide, "Tag restrictions"); ami-layers may need 35 of them. */
const MAX_TAGS = 15;

/**
 * Rules about several keys together. They look at the tree as written and not at the checked template, so that they
 * are reported in the same run as everything else that is wrong.
 */
export function jointDiagnostics(tree: YamlTree): readonly Diagnostic[] {
  if (!isMapping(tree.value)) return [];
  const { extends: parent, base, provision, tags } = tree.value;
  const diagnostics: Diagnostic[] = [];
  if (parent !== undefined && base !== undefined) {
    diagnostics.push({
      code: 'base-and-extends',
      message: '"base" and "extends" are both there, but a layer stands on one thing only',
      fix: 'remove `base`: only a root layer has one, and its descendants inherit it.',
      span: tree.spanOf(['base'], 'key'),
      related: [{ span: tree.spanOf(['extends'], 'key'), message: 'the parent is named here' }],
    });
  }
  for (const [index, step] of (Array.isArray(provision) ? provision : []).entries()) {
    diagnostics.push(...stepDiagnostics(tree, { index, step }));
    if (diagnostics.length > MOST_PROBLEMS) break;
  }
  if (isMapping(tags) && Object.keys(tags).length > MAX_TAGS) {
    diagnostics.push({
      code: 'too-many-tags',
      message: `there are ${Object.keys(tags).length} tags, but only ${MAX_TAGS} of an image's 50 are free for them`,
      fix: `keep at most ${MAX_TAGS}.`,
      span: tree.spanOf(['tags'], 'key'),
    });
  }
  return diagnostics;
}

function stepDiagnostics(
  tree: YamlTree,
  { index, step }: { readonly index: number; readonly step: unknown },
): readonly Diagnostic[] {
  if (!isMapping(step)) return [];
  const path = ['provision', index];
  if (step.run !== undefined && step.script !== undefined) {
    return [
      {
        code: 'run-and-script',
        message: 'a step has either "run" or "script", and this one has both',
        fix: 'make two steps of it.',
        span: tree.spanOf([...path, 'script'], 'key'),
        related: [{ span: tree.spanOf([...path, 'run'], 'key'), message: '`run` is here' }],
      },
    ];
  }
  const isMisspelt = Object.keys(step).some((key) => closest(key, ['run', 'script']) !== undefined);
  if (step.run === undefined && step.script === undefined && !isMisspelt) {
    return [
      {
        code: 'empty-step',
        message: 'a step that does nothing: it has neither "run" nor "script"',
        fix: 'add `run:` with commands, or `script:` with the path of a file.',
        span: tree.spanOf(path),
      },
    ];
  }
  return [];
}
