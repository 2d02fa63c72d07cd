import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/** Every template and fixture of the repository. */
export function templateTexts(): readonly [string, ...string[]] {
  const [first, ...others] = globSync(['templates/**/*.yaml', '__tests__/fixtures/**/*.yaml'])
    .sort()
    .map((path) => readFileSync(path, 'utf8'));
  if (first === undefined) throw new Error('no templates: run it in the root of the repository');
  return [first, ...others];
}
