import { describe, expect, test } from '@jest/globals';
import { selectLayers } from '../../src/commands/select-layers.js';
import type { Selection } from '../../src/commands/options.js';
import { graphOf } from '../repository.js';

const graph = graphOf({
  'templates/root.yaml': 'provision: [{script: root.sh, inputs: [lib/*.sh]}]\n',
  'templates/root.sh': 'echo root\n',
  'templates/lib/a.sh': 'echo a\n',
  'templates/left.yaml': 'extends: root\nvalidate: {script: check.sh, inputs: [expected/*.txt]}\n',
  'templates/expected/words.txt': 'one\n',
  'templates/check.sh': 'true\n',
  'templates/leaf.yaml': 'extends: left\n',
  'templates/right.yaml': 'extends: root\n',
});

function select(selection: Partial<Selection>): {
  readonly targets: readonly string[];
  readonly why: Readonly<Record<string, string>>;
  readonly fixes: readonly string[];
} {
  const selected = selectLayers(
    graph,
    {
      templateFiles: [],
      layers: [],
      changedFiles: undefined,
      affectedOnly: false,
      ...selection,
    },
    { links: () => new Map() },
  );
  const why = [...selected.affected].map(([name, reasons]) => [
    name,
    reasons.map((reason) => (reason.kind === 'file-changed' ? `${reason.role} ${reason.path}` : reason.kind)).join(),
  ]);
  return {
    targets: [...selected.targets],
    why: Object.fromEntries(why) as Record<string, string>,
    fixes: selected.diagnostics.map(({ fix }) => fix),
  };
}

describe('selectLayers', () => {
  test('takes everything without criteria', () => {
    expect(select({}).targets).toEqual(['root', 'left', 'leaf', 'right']);
  });

  test('takes what changed and what stands on it', () => {
    expect(select({ affectedOnly: true, changedFiles: ['templates/check.sh'] })).toMatchObject({
      targets: ['left', 'leaf'],
      why: { left: 'check templates/check.sh', leaf: 'parent-affected' },
    });
  });

  test('knows the inputs of checks by theirs', () => {
    expect(select({ affectedOnly: true, changedFiles: ['templates/expected/gone.txt'] }).why).toMatchObject({
      left: 'check templates/expected/gone.txt',
    });
  });

  test('knows inputs by their globs, also files that are gone', () => {
    expect(select({ affectedOnly: true, changedFiles: ['templates/lib/gone.sh'] }).why).toMatchObject({
      root: 'input templates/lib/gone.sh',
    });
  });

  test('takes nothing when no template is touched', () => {
    expect(select({ affectedOnly: true, changedFiles: ['README.md'] }).targets).toEqual([]);
  });

  test('takes everything when nobody knows what changed', () => {
    expect(select({ affectedOnly: true, changedFiles: undefined }).targets).toHaveLength(4);
  });

  test('takes names, globs, and descendants with a plus', () => {
    expect(select({ layers: ['r*'] }).targets).toEqual(['root', 'right']);
    expect(select({ layers: ['left+'] }).targets).toEqual(['left', 'leaf']);
  });

  test('suggests the nearest name for one that does not exist', () => {
    expect(select({ layers: ['rigth'] }).fixes).toEqual(['did you mean "right"?']);
  });

  test('takes what all criteria allow', () => {
    const both = { templateFiles: ['templates/left.yaml', 'templates/right.yaml'], layers: ['left+'] };
    expect(select(both).targets).toEqual(['left']);
  });
});
