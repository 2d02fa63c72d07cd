import type { Proposal } from './repository.js';

/** One thing that people do on GitHub, and what has to come of it. */
export interface Scenario {
  /** Names the files it leaves. */
  readonly id: string;
  readonly title: string;
  readonly story: string;
  readonly git:
    { readonly kind: 'propose'; readonly proposal: Proposal } | { readonly kind: 'merge'; readonly number: number };
  readonly expected: Expected;
}

export interface Expected {
  readonly exitCode: number;
  readonly result: 'success' | 'failure';
  /** The outputs of these names: layers, in any order. */
  readonly layers: Readonly<Record<'built' | 'reused' | 'failed' | 'blocked', readonly string[]>>;
  /** Builders and test instances that are launched, and images that are made. */
  readonly instances: number;
  readonly images: number;
  /** Layers that have a latest image afterwards; `as before`: also the very same images. */
  readonly latest: readonly string[] | 'as before';
  /** What the pull request's comment says, among other things; undefined: nothing is written. */
  readonly comment: readonly string[] | undefined;
  /** Lines of files that an error is put on. */
  readonly annotated: readonly string[];
}

const TREE = 'templates/quickstart';
const EVERY_LAYER = ['toolchain', 'libstats', 'handbook', 'analyzer'];

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'a-pull-request-adds-layers',
    title: 'A pull request adds four layers',
    story: `toolchain; on it libstats and handbook; on libstats analyzer. None has an image yet, so all are built, parents first.`,
    git: {
      kind: 'propose',
      proposal: {
        number: 1,
        branch: 'add-layers',
        title: 'Add our layers',
        changes: [{ kind: 'copy', from: TREE, to: TREE }],
      },
    },
    expected: {
      exitCode: 0,
      result: 'success',
      layers: { built: EVERY_LAYER, reused: [], failed: [], blocked: [] },
      instances: 8,
      images: 4,
      latest: [],
      comment: ['4 built', '`toolchain`', '`libstats`', '`handbook`', '`analyzer`'],
      annotated: [],
    },
  },
  {
    id: 'b-merge-promotes',
    title: 'It is merged to main',
    story: 'The same layers, the same hashes: nothing is built. What the pull request built becomes latest.',
    git: { kind: 'merge', number: 1 },
    expected: {
      exitCode: 0,
      result: 'success',
      layers: { built: [], reused: EVERY_LAYER, failed: [], blocked: [] },
      instances: 0,
      images: 0,
      latest: EVERY_LAYER,
      comment: undefined,
      annotated: [],
    },
  },
  {
    id: 'c-pull-request-changes-a-child',
    title: 'A pull request changes a source file of libstats',
    story: 'libstats is built again, and analyzer on it. toolchain is reused, and handbook has nothing to do with it.',
    git: {
      kind: 'propose',
      proposal: {
        number: 2,
        branch: 'mean-of-nothing',
        title: 'libstats: say at once that nothing has no mean',
        changes: [
          {
            kind: 'edit',
            file: `${TREE}/libstats/stats.c`,
            find: '    double mean = count == 0 ? NAN : 0.0;\n',
            replace: '    if (count == 0)\n        return NAN;\n    double mean = 0.0;\n',
          },
        ],
      },
    },
    expected: {
      exitCode: 0,
      result: 'success',
      layers: { built: ['libstats', 'analyzer'], reused: ['toolchain'], failed: [], blocked: [] },
      instances: 4,
      images: 2,
      latest: 'as before',
      comment: ['2 built', '1 reused', 'stats.c', 'parent'],
      annotated: [],
    },
  },
  {
    id: 'd-validation-fails',
    title: 'A pull request makes libstats wrong, and changes the handbook',
    story:
      'It compiles, but its validation sees a wrong result: analyzer, begun meanwhile, ends without an image. handbook is built.',
    git: {
      kind: 'propose',
      proposal: {
        number: 3,
        branch: 'divide-by-count',
        title: 'libstats: divide by the count; handbook: wording',
        changes: [
          {
            kind: 'edit',
            file: `${TREE}/libstats/stats.c`,
            find: 'squares / (double)(count - 1)',
            replace: 'squares / (double)count',
          },
          {
            kind: 'edit',
            file: `${TREE}/handbook/chapters/data-sets.txt`,
            find: 'there & then',
            replace: 'right there',
          },
        ],
      },
    },
    expected: {
      exitCode: 1,
      result: 'failure',
      layers: { built: ['handbook'], reused: ['toolchain'], failed: ['libstats'], blocked: ['analyzer'] },
      instances: 5,
      images: 2,
      latest: 'as before',
      comment: ['1 failed', '1 built', '1 blocked', 'the standard deviation is'],
      annotated: [`${TREE}/libstats.yaml:18`],
    },
  },
];

/** Written by steps and seen by the steps and checks of the layers below; on this machine itself they must not appear. */
export const WRITTEN_BY_STEPS: readonly string[] = [
  '/etc/quickstart/toolchain.env',
  '/usr/local/lib/libstats.a',
  '/usr/local/bin/analyzer',
  '/srv/handbook/index.html',
];
