import { expect, test } from '@jest/globals';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { quotable } from '../../src/report/quotable.js';

const spanIn = (path: string) => ({ source: { path, text: 'token: secret' }, offset: 0, length: 5 });
const problem = (path: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'unknown-key',
  message: 'unknown key "secret"',
  fix: 'rename it to "secret".',
  span: spanIn(path),
  ...more,
});

test('what a file says is quoted where the pull request changed the file, and nowhere else', () => {
  const changed = problem('templates/changed.yaml');
  const related = [{ span: spanIn('templates/other.yaml'), message: 'the first "secret" is here' }];
  const nowhere: Diagnostic = { code: 'bad-input', message: 'bad', fix: 'mend it.' };
  const said = quotable(
    [changed, problem('templates/other.yaml'), problem('templates/changed.yaml', { related }), nowhere],
    new Set(['templates/changed.yaml']),
  );
  const silent = {
    code: 'unknown-key',
    message: 'a key that the template language does not have',
    fix: 'the log of the run says what is there and what to do',
  };
  expect(said).toEqual([
    changed,
    { ...silent, span: spanIn('templates/other.yaml') },
    { ...silent, span: spanIn('templates/changed.yaml') },
    nowhere,
  ]);
  expect(quotable([changed], new Set())).toEqual([{ ...silent, span: spanIn('templates/changed.yaml') }]);
});
