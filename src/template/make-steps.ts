import { posix } from 'node:path';
import type { Span } from '../diagnostics/diagnostic.js';
import type { LayerFiles } from './layer-files.js';
import type { Check, InputFile, NamedScript, Step, Validation } from './layer.js';
import type { Draft } from './parse-template.js';
import type { Template } from './schema.js';
import type { Path, YamlTree } from './yaml-tree.js';

/** A layer's own steps, and the glob patterns of their inputs from the repository root. */
export interface MadeSteps {
  readonly steps: readonly Step[];
  readonly globs: readonly string[];
}

/** Reads what the steps of a template name. A script that cannot be read has been reported and is empty here. */
export function makeSteps({ template, tree }: Draft, files: LayerFiles): MadeSteps {
  const globs: string[] = [];
  const templatePath = tree.source.path;
  const steps = template.provision.map((step, index): Step => {
    const path = ['provision', index];
    const inputs = readInputs(step.inputs, { path: [...path, 'inputs'], tree, files });
    globs.push(...inputs.globs);
    const script =
      step.script === undefined
        ? undefined
        : files.readScript({ templatePath, written: step.script, span: tree.spanOf([...path, 'script']) });
    return {
      name: step.name ?? stepName(step, index),
      script: script?.text ?? step.run ?? '',
      scriptPath: script?.path,
      inputs: inputs.files,
      timeoutMinutes: step.timeout_minutes,
      reboot: step.reboot,
      span: tree.spanOf(path),
    };
  });
  return { steps, globs };
}

interface InputsPlace {
  readonly path: Path;
  readonly tree: YamlTree;
  readonly files: LayerFiles;
}

interface ReadInputs {
  readonly files: readonly InputFile[];
  readonly globs: readonly string[];
}

function readInputs(patterns: readonly string[], { path, tree, files }: InputsPlace): ReadInputs {
  const found = patterns.flatMap((written, position) => {
    const span = tree.spanOf([...path, position]);
    return files.readInputs({ templatePath: tree.source.path, written, span }) ?? [];
  });
  return {
    files: uniqueBy(
      found.flatMap((one) => one.files),
      (file) => file.path,
    ),
    globs: found.map(({ glob }) => glob),
  };
}

/** What a layer's image must pass, and the glob patterns of the inputs of its checks. */
export interface MadeValidation {
  readonly validation: Validation;
  readonly globs: readonly string[];
}

export function makeValidation({ template, tree }: Draft, files: LayerFiles): MadeValidation {
  const { script: written, checks, inherit, instance_type: instanceType } = template.validate;
  const inputs = readInputs(template.validate.inputs, { path: ['validate', 'inputs'], tree, files });
  const validation: Validation = {
    instanceType,
    inherit,
    inputs: inputs.files,
    inputsSpan: template.validate.inputs.length === 0 ? undefined : tree.spanOf(['validate', 'inputs']),
    script: written === undefined ? undefined : readNamedScript(written, tree.spanOf(['validate', 'script']), files),
    checks: checks.map((check, index): Check => ({
      name: check.name ?? firstLine(check.run),
      run: check.run,
      exitCode: check.exit_code,
      contains: check.contains,
      equals: check.equals,
      matches: check.matches,
      span: tree.spanOf(['validate', 'checks', index]),
    })),
  };
  return { validation, globs: inputs.globs };
}

export function readNamedScript(written: string, span: Span, files: LayerFiles): NamedScript | undefined {
  const script = files.readScript({ templatePath: span.source.path, written, span });
  return script === undefined ? undefined : { path: script.path, script: script.text, span };
}

function stepName(step: Template['provision'][number], index: number): string {
  return step.script === undefined ? `step ${index + 1}` : posix.basename(step.script);
}

const LONGEST_NAME = 60;

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line;
}

function uniqueBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
