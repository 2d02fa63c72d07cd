import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { locationOf, type Span } from '../../src/diagnostics/diagnostic.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

type Files = Readonly<Record<string, string | Uint8Array>>;

function load(files: Files, templates: readonly string[] = ['templates']) {
  return loadTemplates({ workspace: createFsWorkspace(temporaryFolder(files)), templates });
}

function problems(files: Files, templates?: readonly string[]): string[] {
  return load(files, templates).diagnostics.map(
    ({ span, code, message, fix }) => `${span === undefined ? '' : locationOf(span)} ${code}: ${message} | ${fix}`,
  );
}

function names(files: Files, templates?: readonly string[]): string[] {
  return load(files, templates).layers.map(({ name, templatePath }) => `${name} ${templatePath}`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const textOf = ({ source, offset, length }: Span) => source.text.slice(offset, offset + length);

test('a template with a problem has its missing files reported in the same run', () => {
  const yaml = `provison: []
provision: [{script: no.sh, inputs: [none/**]}, {run: 5}]
files: [{source: gone.conf}]
seal: {script: ../../out.sh}
validate: {script: 7}
`;
  expect(load({ 'templates/a.yaml': yaml }).diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'missing-key: files[0] has no "destination"',
    'wrong-type: "provision[1].run" is 5, expected a command',
    'wrong-type: "validate.script" is 7, expected a path',
    'unknown-key: unknown key "provison"',
    'missing-file: templates/no.sh does not exist',
    'outside-repository: "../../out.sh" leaves the repository',
    'missing-file: no file matches templates/none/**',
    'missing-file: templates/gone.conf does not exist',
  ]);
});

describe('a layer', () => {
  const yaml = `name: gromacs
version: 2.1.0
description: GROMACS
extends: foundation.yaml
architectures: [x86_64, arm64]
gpu: true
env: {OMPI: 4.10}
software:
  packages: [git]
  spack_packages: [gromacs@2023.1+mpi]
  spack_buildcache: https://example.com/cache
provision:
  - name: configure
    run: echo hello
  - script: scripts/tune.sh
    inputs: [scripts/lib/**, "/shared/*.conf", data]
    timeout_minutes: 30
validate:
  instance_type: c7i.large
  inherit: false
  script: tests/validate.sh
  checks:
    - {name: mpi, run: mpirun --version, contains: "4.1"}
    - run: |
        second check
        of two lines
      exit_code: 3
builder: {instance_types: [c7i.4xlarge], volume_gb: 60, volume_iops: 6000, volume_throughput: 500, timeout_minutes: 90}
regions: [us-west-2, us-east-1]
tags: {team: hpc}
`;
  const root = temporaryFolder({
    'templates/gromacs.yaml': yaml,
    'templates/foundation.yaml': 'base: al2\n',
    'templates/scripts/tune.sh': '#!/bin/sh\ntune\n',
    'templates/scripts/lib/a.sh': 'a',
    'templates/scripts/lib/.b': 'b',
    'templates/data/table.csv': '1,2',
    'templates/tests/validate.sh': 'true\n',
    'shared/app.conf': 'shared',
  });
  chmodSync(join(root, 'templates/scripts/lib/a.sh'), 0o755);
  const { layers, diagnostics } = loadTemplates({ workspace: createFsWorkspace(root), templates: ['templates'] });
  const [foundation, gromacs] = layers;

  test('is made of what its template says and the files it names', () => {
    expect(diagnostics).toEqual([]);
    const { parent, steps, validation, spans: _spans, ...rest } = gromacs!;
    expect({ ...parent, span: textOf(parent.span) }).toEqual({
      kind: 'file',
      path: 'templates/foundation.yaml',
      span: 'foundation.yaml',
    });
    expect(steps.map(({ span, ...step }) => ({ ...step, span: locationOf(span) }))).toEqual([
      {
        name: 'configure',
        script: 'echo hello',
        scriptPath: undefined,
        inputs: [],
        timeoutMinutes: undefined,
        reboot: false,
        span: 'templates/gromacs.yaml:13:5',
      },
      {
        name: 'tune.sh',
        script: '#!/bin/sh\ntune\n',
        scriptPath: 'templates/scripts/tune.sh',
        inputs: [
          {
            path: 'templates/scripts/lib/.b',
            relativePath: 'scripts/lib/.b',
            sha256: sha256('b'),
            executable: false,
            bytes: 1,
          },
          {
            path: 'templates/scripts/lib/a.sh',
            relativePath: 'scripts/lib/a.sh',
            sha256: sha256('a'),
            executable: true,
            bytes: 1,
          },
          {
            path: 'shared/app.conf',
            relativePath: '../shared/app.conf',
            sha256: sha256('shared'),
            executable: false,
            bytes: 6,
          },
          {
            path: 'templates/data/table.csv',
            relativePath: 'data/table.csv',
            sha256: sha256('1,2'),
            executable: false,
            bytes: 3,
          },
        ],
        timeoutMinutes: 30,
        reboot: false,
        span: 'templates/gromacs.yaml:15:5',
      },
    ]);
    const { script, checks, ...validationRest } = validation;
    expect(validationRest).toEqual({ instanceType: 'c7i.large', inherit: false, inputs: [], inputsSpan: undefined });
    expect({ ...script, span: locationOf(script!.span) }).toEqual({
      path: 'templates/tests/validate.sh',
      script: 'true\n',
      span: 'templates/gromacs.yaml:21:11',
    });
    const nothing = { contains: undefined, equals: undefined, matches: undefined };
    expect(checks.map(({ span, ...check }) => ({ ...check, span: locationOf(span) }))).toEqual([
      {
        ...nothing,
        name: 'mpi',
        run: 'mpirun --version',
        exitCode: 0,
        contains: '4.1',
        span: 'templates/gromacs.yaml:23:7',
      },
      {
        ...nothing,
        name: 'second check',
        run: 'second check\nof two lines\n',
        exitCode: 3,
        span: 'templates/gromacs.yaml:24:7',
      },
    ]);
    expect(rest).toEqual({
      name: 'gromacs',
      onlyDescribes: false,
      version: '2.1.0',
      description: 'GROMACS',
      templatePath: 'templates/gromacs.yaml',
      architectures: ['x86_64', 'arm64'],
      gpu: true,
      env: { OMPI: '4.10' },
      software: {
        packages: ['git'],
        spackPackages: ['gromacs@2023.1+mpi'],
        pipPackages: [],
        condaPackages: [],
        spackBuildcache: 'https://example.com/cache',
      },
      builder: {
        instanceTypes: ['c7i.4xlarge'],
        volumeGb: 60,
        volumeIops: 6000,
        volumeThroughput: 500,
        spot: false,
        timeoutMinutes: 90,
      },
      secrets: [],
      users: [],
      files: [],
      seal: { script: undefined, allow: [] },
      encryption: undefined,
      dataMounts: [],
      publication: {
        copyRegions: ['us-east-1'],
        share: undefined,
        lifecycle: undefined,
        auto: undefined,
        amiConfig: undefined,
      },
      region: 'us-west-2',
      tags: { team: 'hpc' },
      uses: {
        template: 'templates/gromacs.yaml',
        scripts: ['templates/scripts/tune.sh'],
        inputGlobs: ['templates/scripts/lib/**', 'shared/*.conf', 'templates/data/**'],
        checks: ['templates/tests/validate.sh'],
        checkGlobs: [],
      },
    });
  });

  test('knows where its aspects are written', () => {
    const { template, secrets: _secrets, users: _users, files: _files, ...spans } = gromacs!.spans;
    expect(textOf(template)).toBe(yaml);
    expect(Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, textOf(span)]))).toEqual({
      name: 'gromacs',
      architectures: '[x86_64, arm64]',
      region: 'us-west-2',
      software: 'software',
      validate: 'validate',
      builderTypes: '[c7i.4xlarge]',
      volumeGb: '60',
    });
  });

  test('that says little is named after its file and stands on its base', () => {
    const { name, parent, region, architectures, spans } = foundation!;
    expect({ name, region, architectures }).toEqual({
      name: 'foundation',
      region: undefined,
      architectures: undefined,
    });
    expect({ ...parent, span: textOf(parent.span) }).toEqual({
      kind: 'base',
      reference: { kind: 'alias', alias: 'al2' },
      span: 'al2',
    });
    expect(textOf(spans.name)).toBe('base: al2');
  });

  test.each([
    ['name: a', { kind: 'base', reference: { kind: 'alias', alias: 'al2023' } }],
    ['base: ami-0123456789abcdef0', { kind: 'base', reference: { kind: 'ami', imageId: 'ami-0123456789abcdef0' } }],
    ['base: ssm:/aws/x', { kind: 'base', reference: { kind: 'ssm', parameter: '/aws/x' } }],
    ['base: {owner: amazon, name: al*}', { kind: 'base', reference: { kind: 'search', owner: 'amazon', name: 'al*' } }],
    ['base: {marketplace: abc1}', { kind: 'base', reference: { kind: 'marketplace', productCode: 'abc1' } }],
    ['extends: {ami: ami-01234567}', { kind: 'base', reference: { kind: 'ami', imageId: 'ami-01234567' } }],
    ['extends: foundation', { kind: 'name', name: 'foundation' }],
  ])('with "%s" stands on what it says', (text, expected) => {
    const [layer] = load({ 'templates/a.yaml': text }).layers;
    const { span: _span, ...parent } = layer!.parent;
    expect(parent).toEqual(expected);
  });

  test('builds in the Region of its cluster when it names no others', () => {
    expect(load({ 'templates/a.yaml': 'cluster: {region: eu-west-1}' }).layers[0]?.region).toBe('eu-west-1');
  });
});

describe('templates', () => {
  const files = {
    'templates/b.yml': 'base: al2',
    'templates/a.yaml': 'base: al2',
    'templates/deep/er/c.yaml': 'base: al2',
    'templates/.github/workflow.yml': 'on: push',
    'templates/readme.md': 'text',
    'other/d.yaml': 'extends: ../hidden/e.yaml',
    'hidden/e.yaml': 'extends: /hidden/f.yaml',
    'hidden/f.yaml': 'base: al2',
  };

  test('of a folder are the YAML files below it, outside hidden folders, sorted by path', () => {
    const expected = ['a templates/a.yaml', 'b templates/b.yml', 'c templates/deep/er/c.yaml'];
    expect(names(files, ['templates'])).toEqual(expected);
    expect(names(files, ['./templates/', 'templates/*.yaml'])).toEqual(expected);
  });

  test('may be given as files and patterns', () => {
    expect(names(files, ['templates/b.yml', 'templates/**/c.yaml'])).toEqual([
      'b templates/b.yml',
      'c templates/deep/er/c.yaml',
    ]);
  });

  test('bring the ones they extend, wherever those are', () => {
    expect(names(files, ['other'])).toEqual(['e hidden/e.yaml', 'f hidden/f.yaml', 'd other/d.yaml']);
  });

  test('that are not there are reported', () => {
    expect(problems(files, ['nothing', 'templates/*.json', '../up', '/etc'])).toEqual([
      ' missing-file: "nothing" matches no .yaml or .yml file | write a template there (`ami-layers init` writes a first one), or correct `templates` (--templates, -t): files, folders and glob patterns from the repository root.',
      ' missing-file: "templates/*.json" matches no .yaml or .yml file | write a template there (`ami-layers init` writes a first one), or correct `templates` (--templates, -t): files, folders and glob patterns from the repository root.',
      ' outside-repository: "../up" in `templates` leaves the repository | name files, folders or patterns relative to the repository root.',
      ' outside-repository: "/etc" in `templates` leaves the repository | name files, folders or patterns relative to the repository root.',
    ]);
  });

  test('with problems are named, the others are there, and nobody is blamed for a broken parent', () => {
    const { layers, diagnostics, brokenTemplates } = load({
      'templates/bad.yaml': 'nam: x\nbase: al2\n',
      'templates/child.yaml': 'extends: bad.yaml\n',
    });
    expect(layers.map(({ name }) => name)).toEqual(['child']);
    expect(brokenTemplates).toEqual(['templates/bad.yaml']);
    expect(diagnostics.map(({ message }) => message)).toEqual(['unknown key "nam"']);
  });
});

describe('what a template names', () => {
  test('must be there, inside the repository, and readable, and all of it is reported at once', () => {
    const root = temporaryFolder({
      'templates/a.yaml': `extends: missing/foundation.yaml
provision:
  - script: scripts/tune.sh
    inputs: [nothing/**, libs, ../../../etc/*]
  - script: /scripts/binary
  - script: /scripts/empty.sh
  - script: /etc/passwd
  - script: ../outside.sh
validate: {script: ../../secret}
`,
      'templates/scripts/tunes.sh': 'x',
      'foundation.yaml': 'base: al2',
      'scripts/binary': new Uint8Array([0xff, 0xfe, 0]),
      'scripts/empty.sh': ' \n',
    });
    symlinkSync(join(temporaryFolder({ 'outside.sh': 'x' }), 'outside.sh'), join(root, 'outside.sh'));
    const { diagnostics } = loadTemplates({ workspace: createFsWorkspace(root), templates: ['templates'] });
    const lines = diagnostics.map(
      ({ span, code, message, fix }) => `${locationOf(span!)} ${code}: ${message} | ${fix}`,
    );
    expect(lines.map((line) => line.replace('templates/a.yaml:', ''))).toEqual([
      '4:14 missing-file: no file matches templates/nothing/** | correct the pattern, or remove it; patterns are relative to the template.',
      '4:26 missing-file: templates/libs does not exist | create it, or correct the path.',
      '4:32 outside-repository: "../../../etc/*" leaves the repository | copy the file into the repository; a leading `/` means its root.',
      '3:13 missing-file: templates/scripts/tune.sh does not exist | did you mean templates/scripts/tunes.sh?',
      '5:13 not-text: the script scripts/binary is not UTF-8 text | save it as UTF-8, or name the right file.',
      '6:13 empty-step: the script scripts/empty.sh is empty | write it, or remove the step.',
      '7:13 missing-file: etc/passwd does not exist | create it, or correct the path.',
      '8:13 missing-file: outside.sh does not exist | create it, or correct the path.',
      '9:20 outside-repository: "../../secret" leaves the repository | copy the file into the repository; a leading `/` means its root.',
      '1:10 unknown-parent: templates/missing/foundation.yaml does not exist | did you mean foundation.yaml?',
    ]);
  });

  test.each([
    [
      'My_Layer.yaml',
      'base: al2',
      'the file name makes the layer\'s name "My_Layer", expected a layer name: lower-case letters, digits and hyphens, a letter first, at most 60 characters',
    ],
    ['large.yaml', `description: ${'x'.repeat(262_144)}`, 'the template has 262157 bytes, more than 262144'],
    ['latin.yaml', new Uint8Array([0x61, 0x3a, 0x20, 0xe4]), 'the template is not UTF-8 text'],
    ['up.yaml', 'extends: ../../up.yaml', '"../../up.yaml" leaves the repository'],
  ])('cannot be %s', (file, content, message) => {
    const { layers, diagnostics, brokenTemplates } = load({ [`templates/${file}`]: content });
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message]);
    expect(layers).toEqual([]);
    expect(brokenTemplates).toEqual([`templates/${file}`]);
  });
});
