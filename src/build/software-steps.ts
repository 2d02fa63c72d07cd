import type { Architecture, Software } from '../template/layer.js';
import { condaScript } from './software/conda.js';
import { osPackagesScript } from './software/os-packages.js';
import { pipScript } from './software/pip.js';
import { spackScript } from './software/spack.js';

export interface SoftwareContext {
  readonly architecture: Architecture;
}

/** A step that the tool makes from `software`; bash, to be run as root with `set -euo pipefail`. */
export interface SoftwareStep {
  readonly name: string;
  readonly script: string;
}

/**
 * What to run to install a layer's software, before its own steps: the system's packages first because the others
 * build with them, then Spack, pip and conda. No step for an empty list. Every step can be run twice.
 */
export function softwareSteps(software: Software, { architecture }: SoftwareContext): readonly SoftwareStep[] {
  const { packages, spackPackages, spackBuildcache, pipPackages, condaPackages } = software;
  const spack = { specs: spackPackages, buildcache: spackBuildcache, architecture };
  return [
    ...(packages.length === 0 ? [] : [{ name: 'install packages', script: osPackagesScript(packages) }]),
    ...(spackPackages.length === 0 ? [] : [{ name: 'install Spack packages', script: spackScript(spack) }]),
    ...(pipPackages.length === 0 ? [] : [{ name: 'install pip packages', script: pipScript(pipPackages) }]),
    ...(condaPackages.length === 0
      ? []
      : [{ name: 'install conda packages', script: condaScript(condaPackages, architecture) }]),
  ];
}
