import { z } from 'zod';
import { InvalidInput, type Diagnostic, type SourceFile } from '../diagnostics/diagnostic.js';
import { closest } from '../lib/closest.js';
import type { Workspace } from '../workspace/workspace.js';
import { decodeUtf8 } from './decode-utf8.js';
import { keysOf } from './mapping.js';
import { readYaml, type YamlTree } from './yaml-tree.js';

/** What holds for all templates of a repository; at its root. */
export const SETTINGS_FILE = 'ami-layers.yaml';

export interface RepositorySettings {
  readonly scope?: string | undefined;
}

/** A repository's name, or any other that fits into a tag as it is. */
export const SCOPE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;
export const SCOPE_WORDS = 'a name such as octo-labs/images: letters, digits and ._/-, at most 128';

const settings = z.strictObject({ scope: z.string().regex(SCOPE).optional() });

const KEYS = Object.keys(settings.shape);

/** Nothing where a repository has no such file. Throws `InvalidInput` with every problem of the file. */
export function readRepositorySettings(workspace: Pick<Workspace, 'read'>): RepositorySettings {
  const bytes = workspace.read(SETTINGS_FILE);
  if (bytes === undefined) return {};
  const source: SourceFile = { path: SETTINGS_FILE, text: decodeUtf8(bytes) ?? '' };
  const { tree, diagnostics } = readYaml(source);
  if (tree === undefined || diagnostics.length > 0) throw new InvalidInput(diagnostics);
  const value = tree.value ?? {};
  const parsed = settings.safeParse(value, { jitless: true });
  if (parsed.success) return parsed.data;
  throw new InvalidInput(parsed.error.issues.flatMap((issue) => explain(issue, tree)));
}

function explain(issue: z.core.$ZodIssue, tree: YamlTree): readonly Diagnostic[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = closest(key, KEYS);
      return {
        code: 'unknown-key',
        message: `unknown key "${key}"`,
        fix: near === undefined ? `remove it; the keys here are ${KEYS.join(', ')}.` : `rename it to "${near}".`,
        span: tree.spanOf([key], 'key'),
      };
    });
  }
  const path = issue.path.map(String);
  if (path.length === 0) {
    const span = { source: tree.source, offset: 0, length: 1 };
    return [
      {
        code: 'wrong-type',
        message: 'expected a mapping of keys',
        fix: `write \`key: value\` lines; the keys are ${keysOf(settings.shape).join(', ')}.`,
        span,
      },
    ];
  }
  return [
    {
      code: 'bad-value',
      message: `\`${path.join('.')}\`: expected ${SCOPE_WORDS}`,
      fix: 'write the repository as owner/name, or a name that several of them share.',
      span: tree.spanOf(path, 'value'),
    },
  ];
}
