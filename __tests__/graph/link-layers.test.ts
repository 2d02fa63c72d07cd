import { describe, expect, test } from '@jest/globals';
import { locationOf } from '../../src/diagnostics/diagnostic.js';
import { graphOf, link, type Files } from '../repository.js';

const problemsOf = (files: Files): readonly string[] =>
  link(files).diagnostics.map(
    ({ code, message, span, related = [] }) =>
      `${span === undefined ? '-' : locationOf(span)} ${code}: ${message}${related.map((place) => ` [${locationOf(place.span)}]`).join('')}`,
  );

describe('linkLayers', () => {
  test('orders layers parents first, siblings by name, whatever the files are called', () => {
    const graph = graphOf({
      'templates/1.yaml': 'name: zlib\nextends: root\n',
      'templates/2.yaml': 'name: app\nextends: 1.yaml\n',
      'templates/3.yaml': 'name: abacus\nextends: root\n',
      'templates/4.yaml': 'name: root\nbase: al2023\n',
    });
    expect(graph.order).toEqual(['root', 'abacus', 'zlib', 'app']);
    expect(graph.nodes.get('root')?.children).toEqual(['abacus', 'zlib']);
    expect(graph.nodes.get('app')).toMatchObject({ parent: 'zlib', depth: 2 });
  });

  test('inherits Region, architectures, GPU and environment; the child wins', () => {
    const graph = graphOf({
      'templates/root.yaml': 'regions: [eu-west-1]\narchitectures: [x86_64, arm64]\ngpu: true\nenv: {A: "1", B: "1"}\n',
      'templates/child.yaml': 'extends: root.yaml\narchitectures: [arm64]\nenv: {B: "2"}\n',
      'templates/leaf.yaml': 'extends: child.yaml\ngpu: false\n',
    });
    expect(graph.nodes.get('child')).toMatchObject({
      region: 'eu-west-1',
      architectures: ['arm64'],
      gpu: true,
      env: [{ A: '1', B: '2' }],
    });
    expect(graph.nodes.get('leaf')?.gpu).toBe(false);
  });

  test('reports a duplicate name at both places', () => {
    expect(
      problemsOf({
        'templates/a.yaml': 'name: same\nbase: al2023\n',
        'templates/b.yaml': 'name: same\nbase: al2023\n',
      }),
    ).toEqual([
      'templates/b.yaml:1:7 duplicate-name: two templates describe a layer called "same" [templates/a.yaml:1:7]',
    ]);
  });

  test('reports an unknown parent with the nearest name', () => {
    const { diagnostics } = link({
      'templates/foundation.yaml': 'base: al2023\n',
      'templates/gromacs.yaml': 'extends: fundation\n',
    });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'unknown-parent', fix: 'did you mean "foundation"?' });
  });

  test('does not call a parent unknown whose template is only broken', () => {
    const codes = link({
      'templates/foundation.yaml': 'softwares: {}\n',
      'templates/gromacs.yaml': 'extends: foundation\n',
    }).diagnostics.map(({ code }) => code);
    expect(codes).toEqual(['unknown-key']);
  });

  test('reports every circle once, with all its edges, and links the rest', () => {
    const files = {
      'templates/a.yaml': 'extends: b.yaml\n',
      'templates/b.yaml': 'extends: c.yaml\n',
      'templates/c.yaml': 'extends: a.yaml\n',
      'templates/below.yaml': 'extends: a.yaml\n',
      'templates/fine.yaml': 'base: al2023\n',
    };
    const problems = problemsOf(files);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/extends-cycle: templates extend each other in a circle: a → b → c → a/);
    expect(problems[0]).toMatch(/\[templates\/b\.yaml:1:10\] \[templates\/c\.yaml:1:10\]$/);
    expect(link(files).graph.order).toEqual(['fine']);
  });

  test('reports a chain that is too deep once, at the first layer past the limit', () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `templates/l${at}.yaml`,
        at === 0 ? 'base: al2023\n' : `extends: l${at - 1}.yaml\n`,
      ]),
    );
    expect(problemsOf(files)).toEqual([
      expect.stringMatching(
        /^templates\/l10\.yaml:1:10 extends-depth: the chain l0 → .* → l10 has 11 layers, more than the 10/,
      ),
    ]);
  });

  test('reports what a child cannot have on its parent', () => {
    expect(
      problemsOf({
        'templates/root.yaml': 'regions: [us-west-2]\nsoftware: {spack_packages: ["gcc@11.3.0"]}\n',
        'templates/child.yaml':
          'extends: root.yaml\nregions: [us-east-1]\narchitectures: [arm64]\nsoftware: {spack_packages: ["gcc@12.2.0+piclibs"]}\n',
      }).map((line) => line.replace(/\[.*$/, '').trim()),
    ).toEqual([
      expect.stringContaining('parent-conflict: "child" is built for arm64, but its parent "root" only for x86_64'),
      expect.stringContaining('parent-conflict: "child" is built in us-east-1, but its parent "root" in us-west-2'),
      expect.stringContaining('parent-conflict: Spack package gcc is asked for at 12.2.0 here and at 11.3.0 in "root"'),
    ]);
  });

  test('a volume cannot be smaller than the largest below it', () => {
    expect(
      problemsOf({
        'templates/root.yaml': 'builder: {volume_gb: 40}\n',
        'templates/middle.yaml': 'extends: root\n',
        'templates/large.yaml': 'extends: middle\nbuilder: {volume_gb: 60}\n',
        'templates/small.yaml': 'extends: large\nbuilder: {volume_gb: 50}\n',
        'templates/smaller.yaml': 'extends: middle\nbuilder: {volume_gb: 8}\n',
        'templates/same.yaml': 'extends: middle\nbuilder: {volume_gb: 40}\n',
      }),
    ).toEqual([
      'templates/small.yaml:2:22 parent-conflict: the volume of "small" is to have 50 GiB, but the image of "large" that it is made from has 60, and a volume never shrinks [templates/large.yaml:2:22]',
      'templates/smaller.yaml:2:22 parent-conflict: the volume of "smaller" is to have 8 GiB, but the image of "root" that it is made from has 40, and a volume never shrinks [templates/root.yaml:1:22]',
    ]);
  });

  test('several versions of a Spack package in one template are no conflict, another one below it is', () => {
    const problems = problemsOf({
      'templates/root.yaml': 'software: {spack_packages: [gcc@11.3.0, gcc@12.2.0]}\n',
      'templates/same.yaml': 'extends: root\nsoftware: {spack_packages: [gcc@11.3.0]}\n',
      'templates/third.yaml': 'extends: root\nsoftware: {spack_packages: [gcc@12.2.0, gcc@13.1.0]}\n',
    });
    expect(problems).toEqual([
      expect.stringContaining(
        'gcc is asked for at 13.1.0 here and at 11.3.0, 12.2.0 in "root" [templates/root.yaml:1:1]',
      ),
    ]);
  });
});
