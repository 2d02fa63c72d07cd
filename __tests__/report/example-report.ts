import type { FailedStep, Failure, LayerResult, Outcome, Phase, PhaseTiming } from '../../src/build/outcome.js';
import type { Span } from '../../src/diagnostics/diagnostic.js';
import type { ImageRecord } from '../../src/images/image-record.js';
import type { BuildPlan, PlanItem, VariantKey } from '../../src/plan/build-plan.js';
import type { Reason } from '../../src/plan/reason.js';
import type { RunReport } from '../../src/report/run-report.js';
import type { RunIdentity } from '../../src/run-identity.js';
import type { Architecture } from '../../src/template/layer.js';

/** 2026-10-14T09:00:00Z: when every example run starts. */
export const START = Date.UTC(2026, 9, 14, 9);
const MINUTE = 60_000;

export const RUN: RunIdentity = {
  id: '7001',
  number: 118,
  attempt: 1,
  token: '0b5f0a3e-token',
  url: 'https://github.com/acme/images/actions/runs/7001',
  repository: 'acme/images',
  scope: 'acme/images',
  commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
  ref: 'refs/pull/42/merge',
  pullRequest: 42,
  trust: 'pr',
};

export const MAIN_RUN: RunIdentity = {
  ...RUN,
  id: '7002',
  number: 119,
  url: 'https://github.com/acme/images/actions/runs/7002',
  ref: 'refs/heads/main',
  pullRequest: undefined,
  trust: 'main',
};

/** Of a fork's pull request. */
export const FORK_RUN: RunIdentity = {
  ...RUN,
  id: '7003',
  number: 120,
  url: 'https://github.com/acme/images/actions/runs/7003',
};

/** What one layer of an example is; the rest has a value that no test looks at. */
export interface ExampleLayer {
  readonly name: string;
  readonly parent?: string;
  readonly architectures?: readonly Architecture[];
  readonly action?: 'build' | 'validate' | 'reuse';
  readonly reasons: readonly Reason[];
  readonly templateText?: string;
  /** Of its only step. */
  readonly script?: string;
  readonly packages?: readonly string[];
}

/** Every variant of the layers, in the order given. */
export function plan(...layers: readonly ExampleLayer[]): BuildPlan {
  return { items: layers.flatMap((layer) => (layer.architectures ?? ['x86_64']).map((one) => planItem(layer, one))) };
}

export function planItem(layer: ExampleLayer, architecture: Architecture): PlanItem {
  const { name, parent, architectures = ['x86_64'], action = 'build', reasons, script, packages = [] } = layer;
  const path = `templates/${name}.yml`;
  const span = spanIn(path, layer.templateText ?? `name: ${name}\n`, name);
  const image = imageRecord(name, architecture);
  return {
    key: `${name}/${architecture}`,
    node: {
      layer: {
        name,
        version: undefined,
        description: undefined,
        templatePath: path,
        onlyDescribes: false,
        parent:
          parent === undefined
            ? { kind: 'base', reference: { kind: 'alias', alias: 'al2023' }, span }
            : { kind: 'name', name: parent, span },
        architectures: undefined,
        gpu: undefined,
        env: {},
        secrets: [],
        users: [],
        files: [],
        software: { packages, spackPackages: [], pipPackages: [], condaPackages: [], spackBuildcache: undefined },
        steps:
          script === undefined
            ? []
            : [
                {
                  name: 'install',
                  script,
                  scriptPath: undefined,
                  inputs: [],
                  timeoutMinutes: undefined,
                  reboot: false,
                  span,
                },
              ],
        seal: { script: undefined, allow: [] },
        validation: {
          instanceType: undefined,
          inherit: true,
          script: undefined,
          inputs: [],
          inputsSpan: undefined,
          checks: [],
        },
        builder: {
          instanceTypes: [],
          volumeGb: undefined,
          volumeIops: undefined,
          volumeThroughput: undefined,
          spot: false,
          timeoutMinutes: 480,
        },
        encryption: undefined,
        dataMounts: [],
        publication: {
          copyRegions: [],
          share: undefined,
          lifecycle: undefined,
          auto: undefined,
          amiConfig: undefined,
        },
        region: undefined,
        tags: {},
        spans: {
          template: span,
          name: span,
          architectures: span,
          region: span,
          secrets: span,
          users: span,
          files: span,
          software: span,
          validate: span,
          builderTypes: span,
          volumeGb: span,
        },
        uses: { template: path, scripts: [], inputGlobs: [], checks: [], checkGlobs: [] },
      },
      parent,
      describedBy: undefined,
      children: [],
      depth: parent === undefined ? 0 : 1,
      architectures,
      gpu: false,
      region: undefined,
      env: [],
      encryption: undefined,
      sealAllow: [],
      dataMounts: [],
    },
    architecture,
    region: 'us-east-1',
    templateHash: hashOf(name),
    validationHash: hashOf(`${name} checks`),
    inputs: '',
    parent: parent === undefined ? undefined : `${parent}/${architecture}`,
    imageName: `${name}-${architecture}-${hashOf(name).slice(0, 12)}`,
    action: action === 'build' ? { kind: 'build' } : { kind: action, image },
    reasons,
  };
}

/** Where `word` first stands in a file. */
export function spanIn(path: string, text: string, word: string): Span {
  return { source: { path, text }, offset: Math.max(0, text.indexOf(word)), length: word.length };
}

/** `ami-` and 17 hex digits, as EC2 gives them; the same for the same name. */
export function imageId(name: string): string {
  return `ami-0${hashOf(name).slice(0, 16)}`;
}

/** 64 hex digits; nobody checks that they are a digest. */
export function hashOf(text: string): string {
  let state = 7;
  return Array.from({ length: 64 }, (_, index) => {
    state = (state * 31 + text.charCodeAt(index % text.length) + index) % 65_521;
    return (state % 16).toString(16);
  }).join('');
}

export function imageRecord(layer: string, architecture: Architecture = 'x86_64'): ImageRecord {
  return {
    imageId: imageId(`${layer} ${architecture}`),
    name: `${layer}-${architecture}`,
    region: 'us-east-1',
    availability: 'available',
    state: 'available',
    stateReason: undefined,
    snapshots: ['snap-1'],
    architecture,
    layer,
    version: undefined,
    templateHash: hashOf(layer),
    validationHash: hashOf(`${layer} checks`),
    buildState: 'validated',
    latest: false,
    parentLayer: undefined,
    baseAmi: 'ami-base',
    buildSeconds: 1_080,
    created: '2026-10-08T08:00:00.000Z',
    runId: '6900',
    scope: 'acme/images',
    trust: 'main',
    tags: {},
  };
}

export function report(changes: Partial<RunReport> & Pick<RunReport, 'plan'>): RunReport {
  return {
    run: RUN,
    results: new Map(),
    promoted: [],
    leftovers: [],
    warnings: [],
    apiCalls: {},
    startedAt: START,
    finishedAt: START + 41 * MINUTE,
    ...changes,
  };
}

/** The phases one after another, each as long as told, in seconds. */
export function timings(startMs: number, phases: Partial<Record<Phase, number>>): readonly PhaseTiming[] {
  let at = startMs;
  return (Object.keys(phases) as Phase[]).map((phase) => {
    const startedAt = at;
    at += (phases[phase] ?? 0) * 1_000;
    return { phase, startedAt, endedAt: at };
  });
}

export function results(
  ...all: readonly (readonly [VariantKey, Outcome, (readonly PhaseTiming[])?])[]
): ReadonlyMap<VariantKey, LayerResult> {
  return new Map(all.map(([key, outcome, times = []]) => [key, { key, outcome, timings: times, steps: [] }]));
}

export function built(name: string, minutes: number): Outcome {
  return { kind: 'built', imageId: imageId(name), durationMs: minutes * MINUTE };
}

export function reused(name: string, architecture: Architecture = 'x86_64'): Extract<Outcome, { kind: 'reused' }> {
  return {
    kind: 'reused',
    imageId: imageRecord(name, architecture).imageId,
    validated: false,
    durationMs: 20,
  };
}

export function failed(
  failure: Partial<Failure> & { readonly step?: FailedStep },
  rejectedImage?: string,
): Extract<Outcome, { readonly kind: 'failed' }> {
  return {
    kind: 'failed',
    failure: {
      phase: 'steps',
      message: 'the step "install" exited with code 100',
      fix: 'change the step and push again',
      step: undefined,
      logTail: [],
      ...failure,
    },
    imageId: rejectedImage,
    durationMs: 12 * MINUTE,
  };
}

/** The first of three steps did not find what it was to install. */
export function failedInstall(span: Span, logTail: readonly string[]): ReturnType<typeof failed> {
  return failed({
    message: 'step 1/3 "install" exited 1',
    fix: 'see the last lines of its output; mend the step.',
    step: { name: 'install', index: 1, count: 3, exitCode: 1, span },
    logTail,
  });
}

export const because = {
  template: (name: string): Reason => ({ kind: 'file-changed', path: `templates/${name}.yml`, role: 'template' }),
  noImage: (name: string): Reason => ({ kind: 'no-image', templateHash: hashOf(name) }),
  notLookedUp: (name: string): Reason => ({ kind: 'not-looked-up', templateHash: hashOf(name) }),
  found: (name: string): Reason => ({
    kind: 'image-found',
    imageId: imageRecord(name).imageId,
    templateHash: hashOf(name),
    created: '2026-10-08T08:00:00.000Z',
  }),
  parentRebuilt: (parent: VariantKey): Reason => ({ kind: 'parent-rebuilt', parent }),
} as const;
