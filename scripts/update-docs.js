// npm run docs: writes the parts of docs/ that other files already say. With --check it writes nothing, names the pages
// that are out of date and exits 1. A part stands between `<!-- name -->` and `<!-- /name -->`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { withPolicies } from './cloudformation-policies.js';
import { DIAGNOSTIC_TITLES } from '../build/src/diagnostics/diagnostic.js';
import { EVENT_TABLE } from '../build/src/action/event-table.js';

const ROOT = join(import.meta.dirname, '..');
const action = parse(read('action.yml'));
const template = JSON.parse(read('schema/template.schema.json'));

const { TREATMENTS, TREATMENT_WORDS } = await import('../build/src/aws/treatment.js');

const PAGES = {
  'docs/diagnostics/README.md': { codes: codeTable },
  'docs/aws-errors.md': { treatments: treatmentTable, errors: errorTable },
  'docs/github.md': { inputs: inputTable, outputs: outputTable, events: eventTable },
  'docs/cli.md': {
    'help plan': () => help('plan'),
    'help build': () => help('build'),
    'help list': () => help('list'),
    'help sweep': () => help('sweep'),
    'help show': () => help('show'),
    'help explain': () => help('explain'),
    'help export': () => help('export'),
    'help fmt': () => help('fmt'),
    'help manifest': () => help('manifest'),
    'help diff': () => help('diff'),
    'help sbom': () => help('sbom'),
    'help init': () => help('init'),
    'help schema': () => help('schema'),
    'help sandbox': () => help('sandbox'),
    'help sandbox start': () => help('sandbox', 'start'),
  },
  'docs/permissions.md': {
    'iam main': () => policy('main'),
    'iam pull-request': () => policy('pull-request'),
    'iam main-trust': () => policy('main-trust'),
  },
  'docs/templates.md': {
    'keys template': () => keyTable(template, ''),
    'keys secrets': () => keyTable(joined(template.properties.secrets.items), 'secrets'),
    'keys users': () => keyTable(template.properties.users.items, 'users'),
    'keys files': () => keyTable(template.properties.files.items, 'files'),
    'keys seal': () => keyTable(template.properties.seal, 'seal'),
    'keys encrypt': () => keyTable(template.properties.encrypt, 'encrypt'),
    'keys software': () => keyTable(template.properties.software, 'software'),
    'keys provision': () => keyTable(template.properties.provision.items, 'provision'),
    'keys validate': () => keyTable(template.properties.validate, 'validate'),
    'keys checks': () => keyTable(template.properties.validate.properties.checks.items, 'checks'),
    'keys builder': () => keyTable(template.properties.builder, 'builder'),
  },
};

/** What a change of a key does, by the mapping it is in: `hashInput` and `validationInput` in src/plan/template-hash.ts. */
const HASHES = {
  image: {
    '': [
      ...['name', 'extends', 'base', 'architectures', 'gpu', 'env', 'users', 'files', 'software', 'provision', 'seal'],
      'encrypt',
    ],
    users: ['name', 'uid', 'gid', 'groups', 'shell', 'home'],
    files: ['source', 'destination', 'mode', 'owner'],
    seal: ['script', 'allow'],
    encrypt: ['kms_key', 'region_kms_keys'],
    software: ['packages', 'spack_packages', 'pip_packages', 'conda_packages', 'spack_buildcache'],
    provision: ['run', 'script', 'inputs', 'reboot'],
    builder: ['volume_gb'],
  },
  checks: {
    '': ['validate'],
    validate: ['inherit', 'script', 'checks'],
    checks: ['run', 'exit_code', 'contains', 'equals', 'matches'],
  },
};
const NEITHER = '–';

const stale = [];
for (const [page, parts] of Object.entries(PAGES)) {
  let text = read(page);
  for (const [name, render] of Object.entries(parts)) text = replacePart(text, { page, name, body: render() });
  await update(page, { text, parser: 'markdown' });
}
const stack = 'iam/cloudformation.yaml';
await update(stack, { text: withPolicies(read(stack), ROOT), parser: 'yaml' });
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Fix: run "npm run docs".`);
  process.exitCode = 1;
}

async function update(path, { text, parser }) {
  const formatted = await format(text, { ...(await resolveConfig(join(ROOT, path))), parser });
  if (formatted === read(path)) return;
  stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(join(ROOT, path), formatted);
}

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

function replacePart(text, { page, name, body }) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no ${begin} … ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${body}\n\n${text.slice(to)}`;
}

function inputTable() {
  const rows = Object.entries(action.inputs).map(([name, input]) => [
    code(name),
    input.default === '' ? NEITHER : code(input.default),
    input.description,
  ]);
  return table(['Input', 'Default', 'What it is'], rows);
}

function outputTable() {
  const rows = Object.entries(action.outputs).map(([name, { description }]) => [code(name), description]);
  return table(['Output', 'What it is'], rows);
}

function eventTable() {
  const rows = Object.values(EVENT_TABLE).map((row) => [
    row.event,
    row.layers,
    row.since === '' ? NEITHER : row.since,
    row.layers === 'none' ? NEITHER : row.aws ? (row.guarded ? 'own commit only' : 'yes') : 'a plan without it',
    row.latest,
    row.comment ? 'yes' : 'no',
    row.fails,
  ]);
  return table(['Event', 'Layers', 'Changed since', 'AWS', '`latest`', 'Comment', 'Fails for'], rows);
}

/** A file of iam/, which is what is to be copied. */
function policy(name) {
  return `\`\`\`json\n${read(`iam/${name}.json`).trim()}\n\`\`\``;
}

function codeTable() {
  const rows = Object.entries(DIAGNOSTIC_TITLES).map(([code, title]) => [`[${code}](${code}.md)`, title]);
  return table(['Code', 'What it is'], rows);
}

function help(...command) {
  const text = execFileSync(process.execPath, [join(ROOT, 'build/src/cli.js'), ...command, '--help'], {
    encoding: 'utf8',
  });
  return `\`\`\`text\n${text.trim()}\n\`\`\``;
}

function keyTable({ properties, required = [] }, mapping) {
  const rows = Object.entries(properties).map(([name, schema]) => [
    code(name),
    typeOf(schema),
    defaultOf(schema, required.includes(name)),
    HASHES.image[mapping]?.includes(name) ? 'image' : HASHES.checks[mapping]?.includes(name) ? 'checks' : NEITHER,
    schema.description ?? '',
  ]);
  return table(['Key', 'Type', 'Default', 'In hash', 'What it is'], rows);
}

/** The alternatives of a mapping as one, with what all of them require. */
function joined({ anyOf }) {
  const required = anyOf[0].required.filter((key) => anyOf.every((schema) => schema.required.includes(key)));
  return { properties: Object.assign({}, ...anyOf.map(({ properties }) => properties)), required };
}

function typeOf(schema) {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => code(value)).join(' or ');
  // Text that may be written as a number; see `looseText`.
  if (Array.isArray(schema.type)) return 'text';
  switch (schema.type) {
    case 'array':
      return `list of ${typeOf(schema.items)}`;
    case 'integer':
      return `${schema.minimum} to ${schema.maximum}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'mapping';
    default:
      return 'anything';
  }
}

function defaultOf(schema, isRequired) {
  const { default: value } = schema;
  if (value !== undefined && typeof value === 'object') return NEITHER;
  if (value !== undefined) return code(value);
  return isRequired ? 'required' : NEITHER;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(value) {
  return `\`${String(value)}\``;
}

function treatmentTable() {
  return table(
    ['Treatment', 'What is done'],
    Object.entries(TREATMENT_WORDS).map(([treatment, words]) => [code(treatment), words]),
  );
}

function errorTable() {
  return table(
    ['Error', 'Treatment', 'When that was not enough'],
    Object.entries(TREATMENTS).map(([name, { treatment, fix }]) => [code(name), treatment, fix]),
  );
}
