import { Document, Scalar, YAMLMap, YAMLSeq, type Node } from 'yaml';
import { hasHidden, visible } from '../lib/visible.js';
import { positionOf, type Span } from '../diagnostics/diagnostic.js';
import type { MappingView, View } from '../template/template-view.js';

/** A view as YAML; behind every value the file and line that say it. */
export function renderView(view: MappingView): string {
  const document = new Document(toNode(view));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function toNode(view: View): Node {
  switch (view.kind) {
    case 'value': {
      const scalar = new Scalar(view.value);
      // Quoted, the numbers that are shown for it mean the same to a YAML parser.
      if (typeof view.value === 'string' && hasHidden(view.value)) scalar.type = Scalar.QUOTE_DOUBLE;
      scalar.comment = ` ${view.origin === undefined ? 'default' : placeOf(view.origin)}`;
      return scalar;
    }
    case 'list': {
      const list = new YAMLSeq();
      list.items = view.items.map(toNode);
      return list;
    }
    case 'mapping': {
      const mapping = new YAMLMap();
      for (const [key, value] of view.entries) mapping.set(new Scalar(key), toNode(value));
      return mapping;
    }
  }
}

function placeOf(span: Span): string {
  return visible(`${span.source.path}:${positionOf(span).line}`.replaceAll('\n', '\\n'));
}
