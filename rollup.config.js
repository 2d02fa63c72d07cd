// Rollup shakes the AWS SDK's 1.3 MB of schemas down to the operations in use, which ncc alone cannot, and cuts what is
// loaded on demand into chunks; ncc then makes dist/ of them. bench/startup.ts measures what it is worth.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import license from 'rollup-plugin-license';

/** Packages that do something when they are loaded, which nobody misses when nothing of them is used. */
const ONLY_WHEN_USED = /node_modules\/(@actions\/(core|exec|io|http-client)|tunnel|@aws-sdk|@smithy|zod|yaml)\//;

/** yaml's build for Node reads an environment variable for every token; its other build is the same code without. */
const leanYaml = {
  name: 'lean-yaml',
  resolveId: (id) =>
    id === 'yaml' ? fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url)) : null,
};

/**
 * The toolkit has two HTTP clients in it. Of undici, 0.4 MB, it wants a fetch for Octokit and an agent for that fetch; Octokit
 * is given the other client (src/github/toolkit-fetch.ts), which knows proxies too.
 */
const withoutUndici = {
  name: 'without-undici',
  resolveId: (id) => (id === 'undici' ? '\0undici' : null),
  load: (id) => (id === '\0undici' ? 'export class ProxyAgent {}\nexport const fetch = undefined;' : null),
};

/** The REST API's routes under names, 83 KB; src/github/octokit.ts offers none. */
const withoutRoutes = {
  name: 'without-routes',
  resolveId: (id) => (id === '@octokit/plugin-rest-endpoint-methods' ? '\0routes' : null),
  load: (id) => (id === '\0routes' ? 'export const restEndpointMethods = () => ({});' : null),
};

/**
 * Every error that Systems Manager documents has a class and a schema, 60 KB. Of an unknown one the SDK makes a
 * SSMServiceException with the name and message of the answer: what src/aws/failure.ts reads.
 */
const withoutErrorClasses = {
  name: 'without-error-classes',
  transform: (code, id) =>
    /client-ssm\/dist-es\/schemas\/schemas_0\.js$/.test(id)
      ? code.replace(/^n0_registry\.registerError\(.*\);$/gm, '')
      : null,
};

/** Of semver, @actions/cache cleans the version of zstd. */
const leanSemver = {
  name: 'lean-semver',
  resolveId: (id) => (id === 'semver' ? '\0semver' : null),
  load: (id) => (id === '\0semver' ? "export { default as clean } from 'semver/functions/clean.js';" : null),
};

/** Azure's storage client, 0.5 MB, is for archives of gigabytes; what @actions/cache keeps here are kilobytes. */
const withoutAzure = {
  name: 'without-azure',
  resolveId: (id) =>
    id === '@azure/storage-blob' ? fileURLToPath(new URL('build/src/github/block-blob.js', import.meta.url)) : null,
};

/**
 * zod schemas can turn into JSON Schema: `ami-layers schema` has them do it, the action never. Descriptions are for it, and
 * each makes a copy of what it describes.
 */
const withoutJsonSchema = {
  name: 'without-json-schema',
  transform: (code, id) => {
    if (/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id)) {
      return [...code.matchAll(/^export (?:const|function) (\w+)/gm)]
        .map(([, name]) => `export const ${name} = () => undefined;`)
        .join('\n');
    }
    return /build\/src\/template\/schema[\w-]*\.js$/.test(id) ? code.replace(DESCRIPTION, '') : null;
  },
};
const DESCRIPTION = /\s*\.describe\((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)/g;

/** Node loads CommonJS faster. `import()` stays, so that ncc cuts chunks; the package is of ES modules, these folders are not. */
const commonJs = {
  name: 'common-js',
  renderDynamicImport: () => ({ left: 'import(', right: ')' }),
  writeBundle() {
    for (const folder of ['build/bundle', 'dist']) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/package.json`, '{"type":"commonjs"}\n');
    }
  },
};

/**
 * What several chunks need, ncc copies into each: the ways to sign in that are neither variables nor the job's token, which
 * share much and of which a run needs one or none, are one chunk.
 */
const CREDENTIALS =
  /node_modules\/@(aws-sdk\/(nested-clients|token-providers|credential-provider-(?!node|env))|smithy\/credential-provider-imds)/;

/** Sorted: the plugin meets packages in the order in which files happen to be read, and dist/ has to be the same each time. */
const licencesText = (dependencies) =>
  dependencies
    .map(({ name, version, license, licenseText }) =>
      `${name} ${version} (${license})\n\n${licenseText ?? ''}`.trimEnd(),
    )
    .sort()
    .join(`\n\n${'-'.repeat(80)}\n\n`);

/** @type {import('rollup').RollupOptions} */
export default {
  input: 'build/src/main.js',
  output: {
    dir: 'build/bundle',
    format: 'cjs',
    entryFileNames: 'index.js',
    chunkFileNames: '[name].js',
    onlyExplicitManualChunks: true,
    manualChunks: (id) => (CREDENTIALS.test(id) ? 'credentials' : undefined),
  },
  treeshake: { moduleSideEffects: (id, external) => !external && !ONLY_WHEN_USED.test(id) },
  plugins: [
    leanYaml,
    withoutUndici,
    withoutAzure,
    withoutRoutes,
    withoutErrorClasses,
    leanSemver,
    withoutJsonSchema,
    commonJs,
    resolve({ preferBuiltins: true, dedupe: ['@actions/http-client'], exportConditions: ['node'] }),
    commonjs(),
    json(),
    terser({ format: { comments: false } }),
    license({ thirdParty: { output: { file: 'dist/licenses.txt', template: licencesText } } }),
  ],
  onwarn(warning, warn) {
    const ofDependency = ['CIRCULAR_DEPENDENCY', 'THIS_IS_UNDEFINED', 'INVALID_ANNOTATION'].includes(
      warning.code ?? '',
    );
    if (!ofDependency) warn(warning);
  },
};
