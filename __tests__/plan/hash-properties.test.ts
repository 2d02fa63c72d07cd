import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { LayerGraph } from '../../src/graph/layer-graph.js';
import { linkLayers } from '../../src/graph/link-layers.js';
import { canonicalJson } from '../../src/lib/canonical-json.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { loadTemplates } from '../../src/template/load-templates.js';
import type { Files } from '../repository.js';

/** The same cases every time; others on request. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });

/** Every string that YAML can carry, with what separators, quotes and types are made of as likely as all else. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    ',',
    '\n',
    'a,b',
    'a\nb',
    '"',
    "'",
    '\\n',
    'null',
    'true',
    '1',
    '1.0',
    '{}',
    '[]',
    'é',
    'e\u0301',
    '\u0000',
  ),
);
const visible = text.filter((value) => /\S/.test(value));
const name = fc.constantFrom('a', 'b', 'ab', 'a-b', 'git', 'g++');
const variable = fc.constantFrom('A', 'B', 'AB', 'A_B');

/** What a template says that is in the hash. */
const template = fc.record(
  {
    gpu: fc.boolean(),
    env: fc.dictionary(variable, text, { maxKeys: 3 }),
    software: fc.record(
      {
        packages: fc.array(name, { maxLength: 3 }),
        pip_packages: fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
    provision: fc.array(fc.record({ run: visible, reboot: fc.boolean() }, { requiredKeys: ['run'] }), { maxLength: 2 }),
    users: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a', 'b'), uid: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: ['name'] }),
      {
        maxLength: 2,
        selector: (user) => user.name,
      },
    ),
    seal: fc.record({ allow: fc.array(fc.constantFrom('/a', '/b', '/a/b'), { maxLength: 2 }) }),
    encrypt: fc.record({ kms_key: fc.constantFrom('alias/a', 'alias/b') }, { requiredKeys: [] }),
    builder: fc.record({ volume_gb: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
type Said = typeof template extends fc.Arbitrary<infer Value> ? Value : never;

/** The same with everything filled in: what is not said is what is said to be nothing. */
function meaning(said: Said): unknown {
  const {
    gpu = false,
    env = {},
    software = {},
    provision = [],
    users = [],
    seal = { allow: [] },
    encrypt,
    builder,
  } = said;
  return {
    gpu,
    env,
    packages: software.packages ?? [],
    pip: software.pip_packages ?? [],
    provision: provision.map(({ run, reboot = false }) => ({ run, reboot })),
    users: users.map((user) => ({ name: user.name, uid: user.uid ?? null })),
    allow: seal.allow,
    encrypt: encrypt === undefined ? null : { key: encrypt.kms_key ?? null },
    volume: builder?.volume_gb ?? null,
  };
}

/** Thousands of repositories are read: none of them is on a disk. */
function graphOf(files: Files): LayerGraph {
  const paths = Object.keys(files).sort();
  const { layers, diagnostics } = loadTemplates({
    workspace: {
      read: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
      isExecutable: () => false,
      links: () => new Map(),
      glob: () => paths,
      fetch: () => Promise.reject(new Error('nothing is elsewhere')),
    },
    templates: ['templates'],
  });
  const linked = linkLayers(layers);
  // A volume that is smaller than the parent's has a hash like any other.
  const problems = linked.diagnostics.filter(({ code }) => code !== 'parent-conflict');
  expect([...diagnostics, ...problems]).toEqual([]);
  return linked.graph;
}

function hashes(files: Files): Readonly<Record<string, string>> {
  const all = [...computeHashes(graphOf(files))];
  return Object.fromEntries(all.map(([key, { templateHash }]) => [key.replace('/x86_64', ''), templateHash]));
}

const yaml = (said: Said, more: object = {}) => stringify({ name: 'a', ...said, ...more });
const hashOf = (written: string) => hashes({ 'templates/a.yaml': written }).a;

test('two templates have one hash exactly when they mean the same', () => {
  fc.assert(
    fc.property(template, template, (one, other) => {
      const same = canonicalJson(meaning(one)) === canonicalJson(meaning(other));
      return (hashOf(yaml(one)) === hashOf(yaml(other))) === same;
    }),
    { numRuns: 150 },
  );
});

test('a change of one thing changes the hash', () => {
  const keys = ['gpu', 'env', 'software', 'provision', 'users', 'seal', 'encrypt', 'builder'] as const;
  fc.assert(
    fc.property(template, template, fc.constantFrom(...keys), (one, other, key) => {
      const { [key]: _, ...rest } = one;
      const changed = (key in other ? { ...rest, [key]: other[key] } : rest) as Said;
      const same = canonicalJson(meaning(one)) === canonicalJson(meaning(changed));
      return (hashOf(yaml(one)) === hashOf(yaml(changed))) === same;
    }),
    { numRuns: 150 },
  );
});

test('how a template is written, what its file is called, and what only steers its build do not matter', () => {
  const unhashed = {
    description: 'x',
    version: '1.2.3',
    tags: { a: 'b' },
    regions: ['us-east-1'],
    share: { public: true },
  };
  fc.assert(
    fc.property(template, fc.constantFrom('conf', 'z/y'), (said, folder) => {
      const turned = Object.fromEntries(Object.entries(said).reverse());
      const flow = `# a comment\n${JSON.stringify({ ...turned, name: 'a', ...unhashed })} # and another\n`;
      expect(hashes({ [`templates/${folder}/other-name.yaml`]: flow }).a).toBe(hashOf(yaml(said)));
    }),
    { numRuns: 60 },
  );
});

test('a change changes the hashes of exactly the layer and its descendants', () => {
  const parents = { root: undefined, left: 'root', leaf: 'left', right: 'root' } as const;
  const below = { root: ['root', 'left', 'leaf', 'right'], left: ['left', 'leaf'], leaf: ['leaf'], right: ['right'] };
  const layers = Object.keys(parents) as (keyof typeof parents)[];
  fc.assert(
    fc.property(
      fc.tuple(template, template, template, template),
      template,
      fc.constantFrom(...layers),
      (all, other, at) => {
        const write = (said: readonly Said[]): Files =>
          Object.fromEntries(
            layers.map((layer, index) => {
              const { [layer]: parent } = parents;
              const extended = parent === undefined ? {} : { extends: parent };
              return [`templates/${layer}.yaml`, stringify({ ...said[index], name: layer, ...extended })];
            }),
          );
        const index = layers.indexOf(at);
        fc.pre(canonicalJson(meaning(all[index] ?? {})) !== canonicalJson(meaning(other)));
        const before = hashes(write(all));
        const after = hashes(write(all.map((said, place) => (place === index ? other : said))));
        expect(layers.filter((layer) => before[layer] !== after[layer])).toEqual(
          layers.filter((layer) => below[at].includes(layer)),
        );
      },
    ),
    { numRuns: 40 },
  );
});
