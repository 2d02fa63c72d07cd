import { describe, expect, test } from '@jest/globals';
import { renderGraph } from '../../src/report/mermaid.js';
import { because, built, plan, report, results, reused, type ExampleLayer } from './example-report.js';

const chain = (length: number): readonly ExampleLayer[] =>
  Array.from({ length }, (_, index) => ({
    name: `l${index}`,
    ...(index === 0 ? {} : { parent: `l${index - 1}` }),
    reasons: [because.noImage('x')],
  }));

describe('the graph', () => {
  test('has the affected layers and their ancestors, and no other', () => {
    const graph = renderGraph(
      report({
        plan: plan(
          { name: 'base', action: 'reuse', reasons: [because.found('base')] },
          { name: 'end', parent: 'base', reasons: [because.template('end')] },
          { name: 'other', parent: 'base', action: 'reuse', reasons: [because.found('other')] },
        ),
        results: results(
          ['base/x86_64', reused('base')],
          ['end/x86_64', built('end', 1)],
          ['other/x86_64', reused('other')],
        ),
      }),
    );
    expect(graph).toBe(
      [
        '```mermaid',
        'graph TD',
        '  n1["base"]:::reused',
        '  n2["end"]:::built',
        '  n1 --> n2',
        '  classDef reused stroke:#8c959f,stroke-dasharray:3 3',
        '  classDef built stroke:#2da44e,stroke-width:2px',
        '```',
      ].join('\n'),
    );
  });

  test('has no syntax in its labels', () => {
    const name = 'a"]; end --> b <i>#1</i> `c` \\n &';
    expect(renderGraph(report({ plan: plan({ name, reasons: [because.noImage('x')] }) }))).toBe(
      [
        '```mermaid',
        'graph TD',
        '  n1["a#quot;]; end --#gt; b #lt;i#gt;#35;1#lt;/i#gt; #96;c#96; #92;n #amp;"]:::build',
        '  classDef build stroke:#2da44e,stroke-width:2px,stroke-dasharray:5 3',
        '```',
      ].join('\n'),
    );
  });

  test('is not there when nothing is affected', () => {
    const reasons = [because.found('base')];
    expect(renderGraph(report({ plan: plan({ name: 'base', action: 'reuse', reasons }) }))).toBeUndefined();
  });

  test('is a sentence when there are more layers than can be drawn', () => {
    expect(renderGraph(report({ plan: plan(...chain(150)) }))).toMatch(/^```mermaid\n/);
    expect(renderGraph(report({ plan: plan(...chain(151)) }))).toBe(
      'The graph is not drawn: 151 layers are more than can be read (150 at most).',
    );
  });
});
