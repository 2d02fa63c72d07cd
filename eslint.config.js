import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const aws = {
  regex: '^@(aws-sdk|smithy)/',
  message: 'Only src/aws talks to AWS; ask it for a function in our own words.',
};
const github = {
  regex: '^@(actions|octokit)/',
  message: 'Only src/github talks to GitHub and to the runner; ask it for a function in our own words.',
};
const sandbox = {
  regex: '/sandbox/',
  message: 'The product knows AWS, not the sandbox; only src/cli/ may load it, with a dynamic import.',
};
const outside = {
  regex: '^node:(fs|child_process|os|net|http|https)(/|$)',
  message: 'This folder decides and never reads or writes: take what you need as a parameter.',
};

const defaultExports = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only: the file is named after what it exports.',
};

const PRINT =
  'Only src/github/logs.ts prints to the log of a job and src/cli/output.ts to a terminal: they make it harmless.';

/** Every way to print past the two functions that do: streams, and what @actions/core prints by itself. */
const printing = [
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr|emitWarning|_rawDebug)$/]",
    message: PRINT,
  },
  {
    selector:
      "ImportDeclaration[source.value='@actions/core'] ImportSpecifier[imported.name!=/^(getInput|getState|saveState|setOutput|summary)$/]",
    message: PRINT,
  },
  { selector: "ImportDeclaration[source.value='@actions/core'] ImportNamespaceSpecifier", message: PRINT },
];

/** The imports a folder may not have. A later entry replaces an earlier one, so each names all of its bans. */
const withoutImports = (files, ...bans) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: bans }] },
});

export default defineConfig(
  { ignores: ['build/', 'dist/', 'coverage/', '.sandbox/', '.cache/', 'node_modules/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Interfaces that promise are also implemented by functions that have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // A type parameter in the answer alone is how a caller names what it expects.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // State that is kept as JSON has its entries under computed keys.
      '@typescript-eslint/no-dynamic-delete': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', defaultExports],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts', 'src/cli.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...['env', 'argv', 'exit', 'exitCode', 'cwd', 'on', 'once'].map((property) => ({
          object: 'process',
          property,
          message: 'Only src/main.ts and src/cli.ts touch the process; take the value as a parameter.',
        })),
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    // The two that write to a log and to a terminal, and the entry that hands the streams to the second.
    ignores: ['src/github/logs.ts', 'src/cli/output.ts', 'src/cli.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', defaultExports, ...printing],
    },
  },
  withoutImports(['src/**/*.ts'], aws, github, sandbox),
  withoutImports(['src/aws/**/*.ts'], github, sandbox),
  withoutImports(['src/github/**/*.ts'], aws, sandbox),
  withoutImports(['src/{template,graph,plan,images,report,diagnostics,lib}/**/*.ts'], aws, github, sandbox, outside),
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      // Jest's asymmetric matchers are `any`, and a test says more shortly with `!` that a value is there.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
