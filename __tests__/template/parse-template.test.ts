import { describe, expect, test } from '@jest/globals';
import { locationOf, type Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { parseTemplate } from '../../src/template/parse-template.js';

function parse(text: string) {
  return parseTemplate({ path: 't.yaml', text });
}

/** `line:column code: message | fix`, in the order of the file. */
function problems(text: string): string[] {
  return [...parse(text).diagnostics]
    .sort((a, b) => (a.span?.offset ?? 0) - (b.span?.offset ?? 0))
    .map((diagnostic) => `${place(diagnostic)} ${diagnostic.code}: ${diagnostic.message} | ${diagnostic.fix}`);
}

function place({ span }: Diagnostic): string {
  return span === undefined ? '' : locationOf(span).replace('t.yaml:', '');
}

function underlined(text: string): string[] {
  return parse(text).diagnostics.map(({ span }) =>
    span === undefined ? '' : span.source.text.slice(span.offset, span.offset + span.length),
  );
}

describe('a good template', () => {
  test('that only extends something is enough, and gets the defaults', () => {
    const { layer, diagnostics } = parse('extends: foundation.yaml\n');
    expect(diagnostics).toEqual([]);
    expect(layer?.template).toEqual({
      extends: 'foundation.yaml',
      base: 'al2023',
      env: {},
      software: { packages: [], spack_packages: [], pip_packages: [], conda_packages: [] },
      provision: [],
      validate: { inherit: true, inputs: [], checks: [] },
      secrets: [],
      users: [],
      files: [],
      seal: { allow: [] },
      builder: { instance_types: [], spot: false, timeout_minutes: 480 },
      tags: {},
      cluster: {},
    });
  });

  test('keeps the source text of numbers and flags where text is meant', () => {
    const { layer, diagnostics } = parse(
      [
        'env: {VERSION: 4.10, FLAG: True, OCTAL: 0x1F, QUOTED: "1.0", LONG: 12345678901234567890}',
        'tags: {cost-center: 0042}',
        'base: {owner: 099720109477, name: ubuntu-*}',
        'validate: {checks: [{run: "true", equals: 1.50, contains: 7, matches: 3}]}',
      ].join('\n'),
    );
    expect(diagnostics).toEqual([]);
    expect(layer?.template.env).toEqual({
      VERSION: '4.10',
      FLAG: 'True',
      OCTAL: '0x1F',
      QUOTED: '1.0',
      LONG: '12345678901234567890',
    });
    expect(layer?.template.tags).toEqual({ 'cost-center': '0042' });
    expect(layer?.template.base).toEqual({ owner: '099720109477', name: 'ubuntu-*' });
    expect(layer?.template.validate.checks).toEqual([
      { run: 'true', exit_code: 0, equals: '1.50', contains: '7', matches: '3' },
    ]);
  });

  test('may use anchors and aliases', () => {
    const { layer, diagnostics } = parse(
      'software: {packages: &tools [git, jq], pip_packages: *tools}\nenv: {A: &v 1.0, B: *v}\n',
    );
    expect(diagnostics).toEqual([]);
    expect(layer?.template.software.pip_packages).toEqual(['git', 'jq']);
    expect(layer?.template.env).toEqual({ A: '1.0', B: '1.0' });
  });

  test('may carry ParallelCluster keys as they are', () => {
    const text = 'cluster: {name: c, region: us-west-2, os: alinux2023}\ncompute: {anything: [1, {a: b}]}\ndata: x\n';
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ['al2023'],
    ['parallelcluster-3.11.1'],
    ['ami-0123456789abcdef0'],
    ['ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'],
    ['{marketplace: abc123}'],
  ])('may stand on %s', (base) => {
    expect(problems(`base: ${base}\n`)).toEqual([]);
  });
});

describe('a bad template', () => {
  test('is told everything that is wrong with it at once, each at its place', () => {
    const text = `name: Bad_Name
version: 2.1
extends: {amx: ami-0123456789abcdef0}
base: al2024
architectures: x86_64
softwares:
  packages: [git]
env: {1BAD: 4.10, EMPTY: }
secrets: []
software:
  packages: ["rm -rf;", 3]
provision:
  - name: both
    run: a
    script: b
  - name: none
    reboot: true
  - runn: x
validate:
  checks: [{name: c, contains: 4}]
builder: {volume_gb: 1.5, timeout_minutes: 0}
regions: [us-west]
tags: {"aws:x": 1, team: 5}
cluster:
software: {}
`;
    expect(problems(text)).toEqual([
      '1:7 bad-value: "name" is "Bad_Name", expected a layer name: lower-case letters, digits and hyphens, a letter first, at most 60 characters | did you mean "bad-name"?',
      '2:10 wrong-type: "version" is 2.1, expected a semantic version such as 2.1.0 | write a semantic version such as 2.1.0.',
      '3:11 unknown-key: unknown key "amx" in extends | rename it to "ami".',
      '4:1 base-and-extends: "base" and "extends" are both there, but a layer stands on one thing only | remove `base`: only a root layer has one, and its descendants inherit it.',
      '4:7 bad-value: "base" is "al2024", expected one of the base images, ami-…, or ssm:/… | did you mean "al2023"?',
      '5:16 wrong-type: "architectures" is "x86_64", expected a list | write a list: ["x86_64"].',
      '6:1 unknown-key: unknown key "softwares" | rename it to "software".',
      '8:7 bad-value: "1BAD" cannot be a key of env, expected a variable name: letters, digits and underscores, no digit first, and none that bash sets itself | rename it to a variable name: letters, digits and underscores, no digit first, and none that bash sets itself.',
      '8:19 wrong-type: "env.EMPTY" is empty, expected text | give it text, or remove it.',
      '11:14 bad-value: "software.packages[0]" is "rm -rf;", expected a package name | write a package name.',
      '11:25 wrong-type: "software.packages[1]" is 3, expected a package name | write a package name.',
      '15:5 run-and-script: a step has either "run" or "script", and this one has both | make two steps of it.',
      '16:5 empty-step: a step that does nothing: it has neither "run" nor "script" | add `run:` with commands, or `script:` with the path of a file.',
      '18:5 unknown-key: unknown key "runn" in provision[2] | rename it to "run".',
      '20:12 missing-key: validate.checks[0] has no "run" | add `run:` with a command.',
      '21:22 bad-value: "builder.volume_gb" is 1.5, expected a whole number of GiB from 1 to 65536 | write a whole number of GiB from 1 to 65536.',
      '21:44 bad-value: "builder.timeout_minutes" is 0, expected a whole number of minutes from 1 to 2880 | write a whole number of minutes from 1 to 2880.',
      '22:11 bad-value: "regions[0]" is "us-west", expected a Region such as us-west-2 | write a Region such as us-west-2.',
      '23:8 bad-value: "aws:x" cannot be a key of tags, expected a tag key of at most 128 characters that does not start with "aws:" or "ami-layers:" | rename it to a tag key of at most 128 characters that does not start with "aws:" or "ami-layers:".',
      '24:1 wrong-type: "cluster" is empty, expected a mapping | give it a mapping, or remove it.',
      '25:1 duplicate-key: the key "software" is there twice | remove one of them, or join their values.',
    ]);
    expect(parse(text).layer).toBeUndefined();
  });

  test('has the wrong key or value underlined, and nothing around it', () => {
    expect(underlined('softwares: {}\nname: "X"\nregions:\n  - nowhere # why not\n')).toEqual([
      '"X"',
      'nowhere',
      'softwares',
    ]);
  });

  test('with a key twice is shown both places', () => {
    const [diagnostic] = parse('name: a\nname: b\n').diagnostics;
    expect(diagnostic?.related?.map(({ span, message }) => `${locationOf(span)} ${message}`)).toEqual([
      't.yaml:1:1 the first one is here',
    ]);
  });

  test.each([
    ['nothing', '', '1:1 empty-template: the template is empty'],
    ['comments only', '# a\n# b\n', '1:1 empty-template: the template is empty'],
    ['an empty mapping', '{}\n', '1:1 empty-template: the template is empty'],
    ['a list', '- a\n', '1:1 not-a-template: a template is a mapping of keys, but this file is a list'],
    ['one value', 'hello\n', '1:1 not-a-template: a template is a mapping of keys, but this file is a single value'],
    [
      'something else',
      'apiVersion: v1\nkind: Pod\n',
      "1:1 not-a-template: this is no template: none of its keys (apiVersion, kind) is one of a template's",
    ],
    [
      'two documents',
      'name: a\n---\nname: b\n',
      '2:1 yaml-syntax: a template is one YAML document, and a second one starts here',
    ],
    ['a tab', 'software:\n\tpackages: [git]\n', '2:1 yaml-syntax: a tab is used for indentation'],
    ['an open quote', 'description: "x\n', '1:16 yaml-syntax: missing closing "quote'],
    ['an open brace', 'env: {A: 1\nbase: al2023\n', '2:1 yaml-syntax: the "{" before this is not closed'],
    ['an alias of nothing', 'name: *a\n', '1:7 yaml-syntax: there is no anchor "&a"'],
    ['an alias of itself', 'software: &a {packages: [*a]}\n', '1:26 too-many-aliases: too many aliases'],
    ['a tag', 'name: !Ref a\n', '1:7 yaml-syntax: unresolved tag: !Ref'],
  ])('that is %s gets one clear answer', (_, text, expected) => {
    expect(problems(text).map((problem) => problem.split(' | ')[0])).toEqual([expected]);
  });

  test.each([
    ['packages', 'git; rm -rf /'],
    ['packages', '--allow-unauthenticated'],
    ['packages', '$(id)'],
    ['spack_packages', 'gromacs `id`'],
    ['spack_packages', "gromacs cflags='-O3'"],
    ['spack_packages', '-y gromacs'],
    ['pip_packages', 'numpy; python_version > "3"'],
    ['pip_packages', '-r requirements.txt'],
    ['conda_packages', 'scipy && id'],
    ['spack_buildcache', 'https://example.com/$(id)'],
    ['spack_buildcache', 'http://example.com/cache'],
  ])('cannot put into %s what a shell would run: %s', (key, value) => {
    const written = key === 'spack_buildcache' ? JSON.stringify(value) : `[${JSON.stringify(value)}]`;
    expect(parse(`software: {${key}: ${written}}`).diagnostics.map(({ code }) => code)).toEqual(['bad-value']);
  });

  test('with more tags than an image can have is refused', () => {
    const tags = Array.from({ length: 17 }, (_, index) => `t${index}: x`).join(', ');
    expect(problems(`tags: {${tags}}`)).toEqual([
      "1:1 too-many-tags: there are 17 tags, but only 15 of an image's 50 are free for them | keep at most 15.",
    ]);
  });
});

test.each([
  ['packages', ['g++', 'libstdc++6', 'curl=7.88.*', 'glibc-devel.i686', '@development-tools', 'linux-headers-6.1.0']],
  [
    'spack_packages',
    [
      'gcc@11.3.0',
      'gromacs@2023.1+mpi~cuda',
      'hdf5@1.14: +mpi ^openmpi@4.1.4 %gcc@11.3.0',
      'py-numpy target=x86_64_v3',
    ],
  ],
  ['pip_packages', ['numpy', 'numpy==1.26.4', 'requests[socks]>=2.31,<3', 'torch~=2.2']],
  ['conda_packages', ['scipy=1.13', 'conda-forge::gdal>=3.8,<4', 'python=3.12.*']],
])('%s may contain what its own language allows', (key, values) => {
  expect(parse(`software: ${JSON.stringify({ [key]: values })}`).diagnostics).toEqual([]);
});
