import { expect, test } from '@jest/globals';
import { renderClosing } from '../../src/report/next-action.js';
import { because, built, plan, report, results, reused } from './example-report.js';
import * as examples from './examples.js';

const base = { name: 'base', reasons: [because.noImage('base')] };

test.each([
  ['all built', examples.allBuilt, 'Build complete (41 minutes). Next time these 4 layers are reused, unless changed.'],
  [
    'one built',
    report({ plan: plan(base), results: results(['base/x86_64', built('base', 1)]) }),
    'Build complete (41 minutes). Next time this layer is reused, unless changed.',
  ],
  [
    'all reused',
    examples.allReusedAndPromoted,
    'Nothing had to be built (2 seconds): 4 layers reused. Reuse saved 72 minutes of building.',
  ],
  [
    'reused images that do not say how long they took',
    report({ plan: plan(base), results: results(['base/x86_64', reused('base')]) }),
    'Nothing had to be built (41 minutes): 1 layer reused.',
  ],
  [
    'a failure',
    examples.failedCheck,
    'Build failed (41 minutes): 1 layer failed. A re-run resumes: 2 of 4 layers done.',
  ],
  [
    'a cancelled run',
    report({ plan: plan(base), results: results(['base/x86_64', { kind: 'cancelled', durationMs: 1 }]) }),
    'Build cancelled (41 minutes): by somebody, by a newer run (`concurrency`), or because the job’s ' +
      '`timeout-minutes` ran out. A re-run resumes: 0 of 1 layer done.',
  ],
  ['nothing affected', examples.nothingAffected, 'No layer is affected: there is nothing to build.'],
  ['a plan', examples.planned, 'This is a plan: nothing was created. A build would work on 3 layers.'],
  [
    'a plan without work',
    { ...examples.allReusedAndPromoted, results: new Map() },
    'Nothing would be built: every layer has its image.',
  ],
])('the last sentence after %s', (_, given, sentence) => {
  expect(renderClosing(given)).toBe(sentence);
});
