// Takes from GitHub's OpenAPI description what the local GitHub API answers, so that tests can hold both to it:
//   npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
//   node scripts/extract-openapi.js package/generated/api.github.com.json > sandbox/github/openapi.json
import { readFileSync } from 'node:fs';

const OPERATIONS = {
  '/user': ['get'],
  '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['get', 'patch', 'delete'],
  '/repos/{owner}/{repo}/pulls': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/files': ['get'],
};

/** GitHub's examples that the local API answers with, its own values put in. */
const EXAMPLES = ['pull-request', 'pull-request-simple-items', 'commit-comparison'];

/** Of refusals, which are checked where the description has none. */
const SCHEMAS = ['basic-error', 'validation-error'];

/** For people to read, not for a check. */
const PROSE = new Set(['description', 'summary', 'externalDocs', 'x-github', 'tags', 'title']);

const source = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const components = {};
const paths = Object.fromEntries(
  Object.entries(OPERATIONS).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, take(source.paths[path][method])])),
  ]),
);
for (const name of SCHEMAS) resolve(`#/components/schemas/${name}`);
components.examples = Object.fromEntries(EXAMPLES.map((name) => [name, source.components.examples[name]]));
process.stdout.write(`${JSON.stringify({ version: source.info.version, paths, components })}\n`);

/** A copy without prose and examples; what it refers to is taken as well. */
function take(node, parent = '') {
  if (Array.isArray(node)) return node.map((entry) => take(entry, parent));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key]) => parent === 'properties' || !(PROSE.has(key) || key === 'example' || key === 'examples'),
  );
  const { nullable, ...copy } = Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === '$ref') resolve(value);
      return [key, take(value, parent === 'properties' ? '' : key)];
    }),
  );
  if (nullable !== true || parent === 'properties') return nullable === undefined ? copy : { ...copy, nullable };
  // JSON Schema knows no `nullable`, and ajv only beside a type.
  return { anyOf: [copy, { type: 'null' }] };
}

function resolve(reference) {
  const [, , kind, name] = reference.split('/');
  components[kind] ??= {};
  if (components[kind][name] !== undefined) return;
  components[kind][name] = {};
  components[kind][name] = take(source.components[kind][name]);
}
