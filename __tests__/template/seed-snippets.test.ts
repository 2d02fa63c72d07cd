import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseTemplate } from '../../src/template/parse-template.js';
import { planOf } from '../plan/plan-of.js';
import { link } from '../repository.js';
import { seedSnippet, withLayerName } from './seed-snippets.js';

function problems(text: string): string[] {
  const { diagnostics } = parseTemplate({ path: 'seed.yaml', text });
  return diagnostics.map(({ code, message, fix }) => `${code}: ${message} | ${fix}`);
}

/** What is wrong with each snippet as a template; nothing with those that are templates. */
const SNIPPETS: Readonly<Record<string, readonly string[]>> = {
  '000-line-144-gromacs': [],
  '000-line-274-public-image': [
    'bad-value: "extends.ami" is "ami-123", expected an image id such as ami-0123456789abcdef0 | write an image id such as ami-0123456789abcdef0.',
  ],
  '000-line-362-foundation': [],
  '000-line-377-gromacs': [],
  '001-line-550-workflow': [
    "not-a-template: this is no template: none of its keys (on, jobs) is one of a template's | move it out of the folder, or narrow `templates`: every .yaml and .yml file below is read as a template.",
  ],
  '003-line-87-python-ml': [
    'bad-value: "name" is "Python ML (Optimized)", expected a layer name: lower-case letters, digits and hyphens, a letter first, at most 60 characters | did you mean "python-ml-optimized"?',
  ],
};

describe('the snippets of the seeds', () => {
  test('are all here', () => {
    expect(readdirSync('__tests__/fixtures/seeds').sort()).toEqual(Object.keys(SNIPPETS).map((name) => `${name}.yaml`));
  });

  test.each(Object.entries(SNIPPETS))('%s has the problems that it has, and no others', (name, expected) => {
    expect(problems(seedSnippet(name))).toEqual(expected);
  });

  test('are templates once a title is made a name and a shortened image id is written out', () => {
    expect(problems(withLayerName(seedSnippet('003-line-87-python-ml')))).toEqual([]);
    expect(problems(seedSnippet('000-line-274-public-image').replace('ami-123', 'ami-0123456789abcdef0'))).toEqual([]);
  });

  test.each(['000-line-144-gromacs', '000-line-377-gromacs'])('%s is planned on its foundation', (gromacs) => {
    const { graph, diagnostics } = link({
      'templates/foundation.yaml': seedSnippet('000-line-362-foundation'),
      'templates/gromacs.yaml': seedSnippet(gromacs),
    });
    expect(diagnostics).toEqual([]);
    expect(planOf(graph)).toEqual(['foundation/x86_64: build in us-west-2', 'gromacs/x86_64: build in us-west-2']);
    expect(graph.nodes.get('gromacs')?.parent).toBe('foundation');
  });

  test('are the HPC templates to copy, which are built by a scenario', () => {
    const read = (text: string) => parse(text) as Readonly<Record<string, unknown>>;
    const shipped = (name: string) => read(readFileSync(`templates/hpc/${name}.yaml`, 'utf8'));
    expect(shipped('foundation')).toMatchObject(read(seedSnippet('000-line-362-foundation')));
    expect(shipped('gromacs')).toMatchObject(read(seedSnippet('000-line-377-gromacs')));
  });
});
