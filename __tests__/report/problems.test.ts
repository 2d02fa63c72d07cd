import { expect, test } from '@jest/globals';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { parseMarker } from '../../src/report/marker.js';
import {
  renderProblemsComment,
  renderProblemsSummary,
  stoppedByAws,
  stoppedByTemplates,
} from '../../src/report/problems.js';
import { RUN, spanIn } from './example-report.js';

const diagnostics: readonly Diagnostic[] = [
  {
    code: 'unknown-key',
    message: 'unknown key "sofware"',
    fix: 'rename it to "software"',
    span: spanIn('templates/my app.yml', 'name: app\nsofware: {}\n', 'sofware'),
  },
  { code: 'bad-input', message: 'the input "select" is "<all>"', fix: 'write auto, affected, missing or all' },
];

const BODY = [
  '❌ AMI layers: 2 problems in the templates',
  '`a1b2c3d` · [run #118](https://github.com/acme/images/actions/runs/7001)',
  '',
  '- [`templates/my app.yml:2`](https://github.com/acme/images/blob/a1b2c3d4e5f60718293a4b5c6d7e8f9001122334/templates/my%20app.yml#L2): unknown key &quot;sofware&quot;<br>**Fix:** rename it to &quot;software&quot;',
  '- the input &quot;select&quot; is &quot;&lt;all&gt;&quot;<br>**Fix:** write auto, affected, missing or all',
  '',
  '<sub>Nothing was built.</sub>',
  '',
].join('\n');

test('problems in the templates replace the comment of the commit before', () => {
  const comment = renderProblemsComment(stoppedByTemplates(RUN, diagnostics), { id: 'default' });
  const [marker = '', ...rest] = comment.split('\n');
  expect(parseMarker(marker)).toEqual({ id: 'default', run: 118, attempt: 1, sha: 'a1b2c3d', state: 'done' });
  expect(rest.join('\n')).toBe(`### ${BODY}`);
});

test('problems in the templates are the job summary', () => {
  expect(renderProblemsSummary(stoppedByTemplates(RUN, diagnostics))).toBe(`## ${BODY}`);
});

test('outside GitHub there are no links', () => {
  const run = { ...RUN, url: undefined, repository: undefined, commit: undefined };
  expect(renderProblemsSummary(stoppedByTemplates(run, diagnostics.slice(0, 1)))).toBe(
    [
      '## ❌ AMI layers: 1 problem in the templates',
      'local run',
      '',
      '- `templates/my app.yml:2`: unknown key &quot;sofware&quot;<br>**Fix:** rename it to &quot;software&quot;',
      '',
      '<sub>Nothing was built.</sub>',
      '',
    ].join('\n'),
  );
});

test('more than 50 problems are counted', () => {
  const many = Array.from({ length: 53 }, (): Diagnostic => ({ code: 'bad-value', message: 'm', fix: 'f' }));
  const text = renderProblemsSummary(stoppedByTemplates(RUN, many));
  expect(text.match(/^- m/gm)).toHaveLength(50);
  expect(text).toContain('\n\nand 3 problems more, in the log of the run.\n\n');
});

test('where AWS could not be asked, the comment of the commit before is replaced as well', () => {
  const problem = { message: 'DescribeImages: You are not <authorized>', fix: 'allow the role `ec2:DescribeImages`' };
  expect(renderProblemsComment(stoppedByAws(RUN, problem), { id: 'default' }).split('\n').slice(1)).toEqual([
    '### ❌ AMI layers: no plan, because AWS could not be asked',
    '`a1b2c3d` · [run #118](https://github.com/acme/images/actions/runs/7001)',
    '',
    '- DescribeImages: You are not &lt;authorized&gt;<br>**Fix:** allow the role &#96;ec2:DescribeImages&#96;',
    '',
    '<sub>Nothing was built.</sub>',
    '',
  ]);
});
