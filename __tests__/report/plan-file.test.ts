import { describe, expect, test } from '@jest/globals';
import { parsePlanFile } from '../../src/report/parse-plan-file.js';
import { planFileOf, writePlanFile, type PlanFile } from '../../src/report/plan-file.js';
import { renderPlanFileComment } from '../../src/report/plan-file-comment.js';
import { RUN } from './example-report.js';
import { planned } from './examples.js';

const HASH = 'a'.repeat(64);
const EMPTY = { format: 1, layers: [], problems: [] };
const layers = (reasons: readonly object[]) => [{ label: 'app', reasons }];

describe('a plan file', () => {
  test('is read back as it was written', () => {
    const file: PlanFile = {
      layers: [
        {
          label: 'app',
          reasons: [
            { kind: 'file-changed', path: 'templates/größe "x".yaml', role: 'template' },
            { kind: 'parent-affected', parent: 'base' },
            { kind: 'not-looked-up', templateHash: HASH },
            { kind: 'rebuild-requested' },
            { kind: 'parent-rebuilt', parent: 'base/x86_64' },
            { kind: 'needed-by', child: 'leaf/arm64' },
          ],
        },
      ],
      problems: [
        { message: 'm', fix: 'f', place: 'templates/app.yaml:3' },
        { message: 'm', fix: 'f' },
      ],
    };
    expect(parsePlanFile(writePlanFile(file))).toEqual(file);
  });

  test('names every variant of the plan', () => {
    expect(planFileOf(planned).layers.map(({ label }) => label)).toEqual(
      planned.plan.items.map(({ node }) => node.layer.name),
    );
  });

  test.each<[string, object | string]>([
    ['is not JSON', '<!-- ami-layers -->'],
    ['is of another format', { ...EMPTY, format: 2 }],
    ['says more than a plan does', { ...EMPTY, comment: 'hello' }],
    ['lacks something', { format: 1, layers: [] }],
    ['has a reason of no plan without AWS', { ...EMPTY, layers: layers([{ kind: 'image-found', imageId: 'ami-1' }]) }],
    ['has more in a reason', { ...EMPTY, layers: layers([{ kind: 'rebuild-requested', note: 'x' }]) }],
    ['has no hash where one belongs', { ...EMPTY, layers: layers([{ kind: 'not-looked-up', templateHash: '<b>' }]) }],
    ['is longer than any plan', { ...EMPTY, problems: [], x: 'x'.repeat(1_000_000) }],
    ['has a text longer than any', { ...EMPTY, problems: [{ message: 'm'.repeat(1_001), fix: 'f' }] }],
  ])('that %s is none', (_, content) => {
    expect(parsePlanFile(typeof content === 'string' ? content : JSON.stringify(content))).toBeUndefined();
  });
});

describe('the comment', () => {
  test('shows hostile names and texts as text', () => {
    const hostile = '<img src=x> @everyone `|` #777 [x](http://evil) -->\n::error::x';
    const file: PlanFile = {
      layers: [{ label: hostile, reasons: [{ kind: 'parent-affected', parent: hostile }] }],
      problems: [{ message: hostile, fix: hostile, place: hostile }],
    };
    const body = renderPlanFileComment(file, RUN, { id: 'default' });
    const [marker, ...rest] = body.split('\n');
    expect(marker).toMatch(/^<!-- ami-layers \{.*"state":"planned"\} -->$/);
    expect(rest.join('\n')).not.toMatch(/<img|@everyone|\]\(http:\/\/evil|#777|-->|^::/m);
  });

  test('says when nothing is affected, and how many layers are not shown', () => {
    const render = (file: PlanFile) => renderPlanFileComment(file, RUN, { id: 'default' });
    expect(render({ layers: [], problems: [] })).toContain('### ✅ AMI layers: no AMI changes');
    const many = Array.from({ length: 250 }, (_, index) => ({ label: `layer-${index}`, reasons: [] }));
    const body = render({ layers: many, problems: [] });
    expect(body).toContain('and 150 more, in the summary of the run.');
    expect(body.length).toBeLessThan(60_000);
  });
});
