import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { baseReference } from './base-reference.js';
import { outsideRepository, type LayerFiles } from './layer-files.js';
import type { Builder, Layer, ParentReference, Software } from './layer.js';
import { dataMountsOf } from './data-mounts.js';
import { encryptionOf, makeSeal, makeUsers, publicationOf, secretOf } from './make-settings.js';
import { makeSteps, makeValidation } from './make-steps.js';
import type { Draft } from './parse-template.js';
import { LAYER_NAME, LAYER_NAME_EXPECTATION } from './patterns.js';
import { placeFiles } from './place-files.js';
import { repositoryPath } from './repository-path.js';
import { isElsewhere } from './elsewhere.js';
import type { Template } from './schema.js';
import { suggestLayerName } from './suggest-layer-name.js';

export interface LayerContext {
  readonly files: LayerFiles;
  /** Told of everything wrong that only shows here. The layer is then incomplete and not to be used. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/** A template that is right by itself, and the files it names → its layer. */
export function makeLayer(draft: Draft, { files, report }: LayerContext): Layer {
  const { template, tree } = draft;
  const { source } = tree;
  const { steps, globs } = makeSteps(draft, files);
  const { validation, globs: checkGlobs } = makeValidation(draft, files);
  const placed = placeFiles(draft, files);
  const seal = makeSeal(draft, files);
  return {
    name: layerName(draft, report),
    version: template.version,
    description: template.description,
    templatePath: source.path,
    onlyDescribes: false,
    parent: parentReference(draft, report),
    architectures: template.architectures,
    gpu: template.gpu,
    env: template.env,
    secrets: template.secrets.map(secretOf),
    users: makeUsers(template.users),
    files: placed.files,
    software: softwareOf(template.software),
    steps,
    seal,
    validation,
    builder: builderOf(template.builder),
    encryption: encryptionOf(template.encrypt),
    dataMounts: dataMountsOf(template.data),
    publication: publicationOf(template),
    region: template.regions?.[0] ?? template.cluster.region,
    tags: template.tags,
    spans: {
      template: { source, offset: 0, length: source.text.length },
      name: tree.spanOf(['name']),
      architectures: tree.spanOf(['architectures']),
      region: tree.spanOf(template.regions === undefined ? ['cluster', 'region'] : ['regions', 0]),
      secrets: tree.spanOf(['secrets'], 'key'),
      users: tree.spanOf(['users'], 'key'),
      files: tree.spanOf(['files'], 'key'),
      software: tree.spanOf(['software'], 'key'),
      validate: tree.spanOf(['validate'], 'key'),
      builderTypes: tree.spanOf(['builder', 'instance_types']),
      volumeGb: tree.spanOf(['builder', 'volume_gb']),
    },
    uses: {
      template: source.path,
      scripts: [...steps.flatMap(({ scriptPath }) => scriptPath ?? []), ...(seal.script ? [seal.script.path] : [])],
      inputGlobs: [...globs, ...placed.globs],
      checks: validation.script === undefined ? [] : [validation.script.path],
      checkGlobs,
    },
  };
}

function layerName({ template, tree }: Draft, report: LayerContext['report']): string {
  if (template.name !== undefined) return template.name;
  const { name } = posix.parse(tree.source.path);
  if (!LAYER_NAME.test(name)) {
    const near = suggestLayerName(name);
    report({
      code: 'bad-value',
      message: `the file name makes the layer's name "${name}", expected ${LAYER_NAME_EXPECTATION}`,
      fix: `add a key \`name:${near === undefined ? '' : ` ${near}`}\`, or rename the file.`,
      span: tree.spanOf([]),
    });
  }
  return name;
}

function parentReference(draft: Draft, report: LayerContext['report']): ParentReference {
  const { template, tree } = draft;
  const parent = template.extends;
  if (parent === undefined)
    return { kind: 'base', reference: baseReference(template.base), span: tree.spanOf(['base']) };
  const span = tree.spanOf(['extends']);
  if (typeof parent !== 'string') return pinnedParent(draft, parent, report);
  if (!/[/]|\.ya?ml$/.test(parent)) return { kind: 'name', name: parent, span };
  const path = repositoryPath(tree.source.path, parent);
  if (path !== undefined) return { kind: 'file', path, span };
  report(outsideRepository(parent, span));
  return { kind: 'name', name: parent, span };
}

function pinnedParent(
  { tree }: Draft,
  { ami, template: written }: Exclude<Template['extends'], string | undefined>,
  report: LayerContext['report'],
): ParentReference {
  const base = { kind: 'base', reference: { kind: 'ami', imageId: ami }, span: tree.spanOf(['extends']) } as const;
  if (written === undefined) return base;
  if (isElsewhere(written) && !written.includes('#')) return { ...base, unpinned: written };
  const span = tree.spanOf(['extends', 'template']);
  const path = isElsewhere(written) ? written : repositoryPath(tree.source.path, written);
  if (path !== undefined) return { ...base, description: { path, span } };
  report(outsideRepository(written, span));
  return base;
}

function softwareOf(software: Template['software']): Software {
  return {
    packages: software.packages,
    spackPackages: software.spack_packages,
    pipPackages: software.pip_packages,
    condaPackages: software.conda_packages,
    spackBuildcache: software.spack_buildcache,
  };
}

function builderOf(builder: Template['builder']): Builder {
  return {
    instanceTypes: builder.instance_types,
    volumeGb: builder.volume_gb,
    volumeIops: builder.volume_iops,
    volumeThroughput: builder.volume_throughput,
    spot: builder.spot,
    timeoutMinutes: builder.timeout_minutes,
  };
}
