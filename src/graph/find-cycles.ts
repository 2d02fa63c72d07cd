import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Layer } from '../template/layer.js';

/** One diagnostic per circle of templates, pointing at every `extends` on it. Each layer has at most one parent. */
export function findCycles(
  layers: ReadonlyMap<string, Layer>,
  parents: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const settled = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const start of layers.keys()) {
    const path = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !settled.has(at) && !path.has(at)) {
      path.add(at);
      at = parents.get(at);
    }
    if (at !== undefined && path.has(at)) {
      const names = [...path];
      diagnostics.push(cycleDiagnostic(names.slice(names.indexOf(at)), layers));
    }
    for (const name of path) settled.add(name);
  }
  return diagnostics;
}

function cycleDiagnostic(names: readonly string[], layers: ReadonlyMap<string, Layer>): Diagnostic {
  const [first, ...others] = names.flatMap((name) => layers.get(name) ?? []);
  if (first === undefined) throw new Error('a cycle has at least one layer');
  return {
    code: 'extends-cycle',
    message: `templates extend each other in a circle: ${[...names, first.name].join(' → ')}`,
    fix: 'remove one `extends`; a root layer has `base` instead.',
    span: first.parent.span,
    related: others.map((layer) => ({ span: layer.parent.span, message: `"${layer.name}" is on the circle too` })),
  };
}
