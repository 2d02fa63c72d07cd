import type { Command } from 'commander';
import { runExplain } from './run-explain.js';
import { runExport } from './run-export.js';
import { addManifestFlags, type ManifestFlags } from './manifest-flags.js';
import { runDiff, runManifest, runSbom } from './run-manifest.js';
import { runInit } from './run-init.js';
import { runFormat } from './run-format.js';
import { runSchema } from './run-schema.js';
import { runShow } from './run-show.js';
import {
  addExplainFlags,
  addExportFlags,
  addFormatFlags,
  addShowFlags,
  type ExplainFlags,
  type ExportFlags,
  type FormatFlags,
  type ShowFlags,
} from './template-flags.js';
import type { Terminal } from './terminal.js';

type Run = <Flags>(action: (flags: Flags, terminal: Terminal) => Promise<number>) => (flags: Flags) => Promise<void>;

/** Commands about templates: they read the repository, and ask nothing of AWS unless they say so. */
export function addTemplateCommands(program: Command, run: Run): void {
  addShowFlags(
    program.command('show').description('a layer’s template and its ancestors’ as one, with the place of every value'),
  )
    .addHelpText(
      'after',
      examples('show gromacs', 'show gromacs --resolved', 'show templates/hpc/gromacs.yaml --script'),
    )
    .action(about<ShowFlags>(run, runShow));
  addExplainFlags(
    program.command('explain').description('what the hash of a layer is made from, and why it is not what it was'),
  )
    .addHelpText(
      'after',
      examples('explain gromacs', 'explain gromacs --against main', 'explain gromacs --image ami-0123456789abcdef0'),
    )
    .action(about<ExplainFlags>(run, runExplain));
  addExportFlags(
    program
      .command('export')
      .description('a layer and all it stands on without images: as user data of an instance, or as a Packer template'),
  )
    .addHelpText(
      'after',
      examples('export web --format user-data > user-data.sh', 'export web --format packer --output web.pkr.hcl'),
    )
    .action(about<ExportFlags>(run, runExport));
  addFormatFlags(program.command('fmt').description('write templates in their canonical form; no hash changes by it'))
    .addHelpText('after', examples('fmt', 'fmt --check templates/hpc'))
    .action(about<FormatFlags, readonly string[]>(run, runFormat));
  program
    .command('init')
    .description('write a first template, its test and a workflow; overwrites nothing')
    .addHelpText('after', examples('init'))
    .action(run<object>(runInit));
  program
    .command('schema')
    .description('print the JSON Schema of templates, for editors')
    .addHelpText('after', examples('schema > ami-layers.schema.json'))
    .action(run<object>(runSchema));
  addManifestCommands(program, run);
}

/** Commands about what images are made of. */
function addManifestCommands(program: Command, run: Run): void {
  addManifestFlags(
    program
      .command('manifest')
      .description('the layers and packages in an image, read on a test instance of it')
      .argument('<image>', 'image id, or a file with a manifest'),
  )
    .addHelpText('after', examples('manifest ami-0123456789abcdef0 > gromacs.json'))
    .action(about<ManifestFlags>(run, runManifest));
  addManifestFlags(
    program
      .command('diff')
      .description('the packages that two images do not have alike')
      .argument('<before>', 'image id, or a file with a manifest')
      .argument('<after>', 'the same of the newer one')
      .option('--json', 'print the result as JSON'),
  )
    .addHelpText('after', examples('diff ami-0123456789abcdef0 ami-0fedcba9876543210', 'diff old.json new.json'))
    .action((before: string, after: string, flags: ManifestFlags) =>
      run<ManifestFlags>((given, terminal) => runDiff([before, after], given, terminal))(flags),
    );
  addManifestFlags(
    program
      .command('sbom')
      .description('a software bill of materials of an image: CycloneDX 1.6, JSON')
      .argument('<image>', 'image id, or a file with a manifest'),
  )
    .addHelpText('after', examples('sbom ami-0123456789abcdef0 > gromacs.cdx.json'))
    .action(about<ManifestFlags>(run, runSbom));
}

/** An action with one argument in front of its flags. */
function about<Flags, Subject = string>(
  run: Run,
  action: (subject: Subject, flags: Flags, terminal: Terminal) => Promise<number>,
) {
  return (subject: Subject, flags: Flags): Promise<void> =>
    run<Flags>((given, terminal) => action(subject, given, terminal))(flags);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ami-layers ${line}\n`).join('')}`;
}
