import { expect, test } from '@jest/globals';
import { isGlob, repositoryPath } from '../../src/template/repository-path.js';

test.each([
  ['templates/a.yaml', 'b.yaml', 'templates/b.yaml'],
  ['templates/a.yaml', './x/../b.yaml', 'templates/b.yaml'],
  ['templates/a.yaml', '../scripts/**', 'scripts/**'],
  ['templates/a.yaml', '/scripts/tune.sh', 'scripts/tune.sh'],
  ['a.yaml', 'b.yaml', 'b.yaml'],
  ['templates/a.yaml', '../../b.yaml', undefined],
  ['a.yaml', '..', undefined],
  ['a.yaml', '/../b.yaml', undefined],
  ['a.yaml', '//etc/passwd', undefined],
])('in %s, %s is %s', (template, written, path) => {
  expect(repositoryPath(template, written)).toBe(path);
});

test.each([
  ['scripts/**', true],
  ['a?.sh', true],
  ['{a,b}.sh', true],
  ['scripts/tune-1.2+x@y.sh', false],
])('%s is a glob pattern: %s', (path, glob) => {
  expect(isGlob(path)).toBe(glob);
});
