import { expect, test } from '@jest/globals';
import { repositoryOf } from '../../src/cli/origin-of.js';

test.each([
  ['https://github.com/octo-labs/images.git', 'octo-labs/images'],
  ['https://token@github.example/octo-labs/images', 'octo-labs/images'],
  ['ssh://git@github.com:22/octo-labs/images.git', 'octo-labs/images'],
  ['git@github.com:octo-labs/images.git', 'octo-labs/images'],
  ['git@github.com:octo-labs/images/', 'octo-labs/images'],
  ['/srv/git/images.git', undefined],
  ['https://github.com/images', undefined],
  ['../images', undefined],
  ['', undefined],
])('the repository behind %j is %j', (url, repository) => {
  expect(repositoryOf(url)).toBe(repository);
});
