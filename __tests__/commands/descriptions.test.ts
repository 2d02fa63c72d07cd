import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { gatherLayers } from '../../src/commands/gather-layers.js';
import { showTemplate } from '../../src/commands/show.js';
import { InvalidInput } from '../../src/diagnostics/diagnostic.js';
import { computeHashes } from '../../src/plan/template-hash.js';
import { renderView } from '../../src/report/view-yaml.js';
import { fetchTemplate } from '../../src/workspace/fetch-template.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { createRepository, type Files, type Repository } from '../repository.js';
import { optionsOf } from '../scenarios/rig.js';
import { startTlsServer, type TlsServer } from '../tls-server.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

const AMI = 'ami-0123456789abcdef0';
const PARENT = `
base: ubuntu-24.04
env: {MPI: "4.1", OWN: parent}
gpu: true
software: {spack_packages: [gcc@12.3.0]}
seal: {allow: [/etc/key]}
validate: {checks: [{run: mpirun --version, contains: "4.1"}]}
`;

const repositories: Repository[] = [];
const served = new Map<string, string | Uint8Array>();
let server: TlsServer;
beforeAll(async () => {
  server = await startTlsServer(temporaryFolder({}), ({ url = '' }, response) => {
    const body = served.get(url);
    response.writeHead(body === undefined ? 404 : 200, 'secret words of the server').end(body ?? 'secret body');
  });
});
afterAll(() => server.stop());
afterEach(() => {
  for (const { remove } of repositories.splice(0)) remove();
});

/** A repository whose `https://there/…` is served on this machine. */
function workspaceOf(files: Files): Workspace {
  const repository = createRepository(files);
  repositories.push(repository);
  const { port, reach } = server;
  const fetch = (url: string) => fetchTemplate(url.replace('https://there', `https://there:${port}`), reach);
  return { ...repository.workspace, fetch };
}

function serve(path: string, body: string): string {
  served.set(path, body);
  return `https://there${path}#sha256=${createHash('sha256').update(body).digest('hex')}`;
}

const child = (template: string, more = '') =>
  `extends: {ami: ${AMI}, template: "${template}"}\nenv: {OWN: child}\n${more}`;

async function gathered(files: Files, changedFiles?: readonly string[]) {
  const selection = changedFiles === undefined ? {} : { changedFiles, affectedOnly: true };
  const { graph, targets } = await gatherLayers(optionsOf({ selection }), workspaceOf(files));
  const [hashes] = [...computeHashes(graph)].filter(([key]) => key.startsWith('child/')).map(([, hash]) => hash);
  return { node: graph.nodes.get('child'), targets: [...targets], hashes };
}

async function problemsOf(files: Files): Promise<readonly string[]> {
  const error: unknown = await gathered(files).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInput)) throw error;
  return error.diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

test.each([
  ['in the repository', () => ['/archive/root.yaml', { 'archive/root.yaml': PARENT }] as const],
  ['elsewhere', () => [serve('/root.yaml', PARENT), {}] as const],
])('what describes an image, %s, is inherited from and never built', async (_, describe) => {
  const [template, files] = describe();
  const { node, targets, hashes } = await gathered({ ...files, 'templates/child.yaml': child(template) });
  expect(targets).toEqual(['child']);
  expect(node).toMatchObject({
    parent: undefined,
    depth: 0,
    env: [{ MPI: '4.1', OWN: 'child' }],
    gpu: true,
    sealAllow: ['/etc/key'],
    dataMounts: [],
  });
  const alone = await gathered({ 'templates/child.yaml': child('/none.yaml').replace(/, template.*}/, '}') });
  expect(hashes?.templateHash).not.toBe(alone.hashes?.templateHash);
  expect(hashes?.validationHash).not.toBe(alone.hashes?.validationHash);

  expect(await problemsOf({ ...files, 'templates/child.yaml': child(template, 'architectures: [arm64]\n') })).toEqual([
    expect.stringContaining('parent-conflict: "child" is built for arm64, but its parent'),
  ]);
  const other = child(template, 'software: {spack_packages: [gcc@13.1.0]}\n');
  expect(await problemsOf({ ...files, 'templates/child.yaml': other })).toEqual([
    expect.stringContaining('parent-conflict: Spack package gcc is asked for at 13.1.0 here and at 12.3.0 in "'),
  ]);
});

test('only what is inherited of a description is in the hash', async () => {
  const hashOf = async (description: string) => {
    const files = { 'archive/root.yaml': description, 'templates/child.yaml': child('/archive/root.yaml') };
    return (await gathered(files)).hashes;
  };
  const before = await hashOf(PARENT);
  expect(await hashOf(PARENT.replace('12.3.0', '11.1.0'))).toEqual(before);
  expect(await hashOf(PARENT.replace('OWN: parent', 'OWN: other'))).toEqual(before);
  expect((await hashOf(PARENT.replace('MPI: "4.1"', 'MPI: "5"')))?.templateHash).not.toBe(before?.templateHash);
  const otherCheck = await hashOf(PARENT.replace('contains: "4.1"', 'contains: "5"'));
  expect(otherCheck?.templateHash).toBe(before?.templateHash);
  expect(otherCheck?.validationHash).not.toBe(before?.validationHash);
});

test('a description may extend others, and be a layer itself; a change of it affects those on its image', async () => {
  const files = {
    'archive/top.yaml': 'name: root\nenv: {TOP: "1"}\n',
    'archive/middle.yaml': 'extends: top.yaml\nenv: {MIDDLE: "1"}\n',
    'templates/root.yaml': 'env: {ROOT: "1"}\n',
    'templates/child.yaml': child('/archive/middle.yaml'),
    'templates/other.yaml': child('root.yaml'),
  };
  const { node, targets } = await gathered(files);
  expect(node?.env).toEqual([{ TOP: '1', MIDDLE: '1', OWN: 'child' }]);
  expect(targets).toEqual(['child', 'root', 'other']);
  expect((await gathered(files, ['archive/top.yaml'])).targets).toEqual(['child']);
  expect((await gathered(files, ['templates/root.yaml'])).targets).toEqual(['root', 'other']);
});

test('show has the description in its effective view', async () => {
  const workspace = workspaceOf({ 'templates/child.yaml': child(serve('/root.yaml', PARENT)) });
  const { view, lineage } = await showTemplate(
    { templates: ['templates'], layer: 'child', resolved: false },
    workspace,
  );
  expect(lineage.map(({ layer }) => layer.name)).toEqual(['child']);
  expect(renderView(view).replaceAll(/ +#.*/g, '')).toBe(`name: child
base: ubuntu-24.04
gpu: true
env:
  MPI: "4.1"
  OWN: child
software:
  spack_packages:
    - gcc@12.3.0
seal:
  allow:
    - /etc/key
validate:
  checks:
    - run: mpirun --version
      contains: "4.1"
`);
});

test('what is not there, not what was pinned, or does not stand alone is a diagnostic', async () => {
  const pinned = serve('/pinned.yaml', PARENT);
  served.set('/pinned.yaml', `${PARENT}# changed\n`);
  served.set('/large.yaml', new Uint8Array(1_048_577));
  const none = '0'.repeat(64);
  const files = {
    'templates/a.yaml': child(pinned),
    'templates/b.yaml': child(`https://there/no.yaml#sha256=${none}`),
    'templates/c.yaml': child(`https://there/large.yaml#sha256=${none}`),
    'templates/d.yaml': child(serve('/deep.yaml', 'extends: foundation\n')),
    'templates/e.yaml': child(
      serve('/script.yaml', 'validate: {script: a.sh, inputs: [a.txt]}\nprovision: [{script: b.sh}]\n'),
    ),
    'templates/f.yaml': child('/archive/none.yaml'),
    'templates/g.yaml': child('https://there/wrong.yaml#sha256=0'),
    'templates/h.yaml': child('../../outside.yaml'),
    'templates/i.yaml': child(serve('/wrong.yaml', 'softwares: {}\n')),
    'templates/j.yaml': `extends: {ami: ${AMI}}\narchitectures: [x86_64, arm64]\n`,
    'templates/k.yaml': child('k.yaml'),
  };
  const problems = await problemsOf(files);
  expect(problems.map((problem) => problem.replaceAll(/[0-9a-f]{64}/g, '…')).sort()).toEqual([
    'bad-value: "extends.template" is "https://there/wrong.yaml#sha256=0", expected a template file, or https://…#sha256= and 64 hex digits',
    `bad-value: "j" is built for x86_64, arm64, but ${AMI} is for one architecture`,
    'bad-value: a template elsewhere cannot extend another',
    'bad-value: the inputs of checks of a template elsewhere are not fetched, but its checks would need them',
    'bad-value: the script a.sh of a template elsewhere is not fetched, but would have to run',
    'extends-cycle: templates extend each other in a circle: k → k',
    'outside-repository: "../../outside.yaml" leaves the repository',
    'unknown-key: unknown key "softwares"',
    'unknown-parent: archive/none.yaml does not exist',
    'unknown-parent: https://there/large.yaml could not be fetched: it has more than 1048576 bytes',
    'unknown-parent: https://there/no.yaml could not be fetched: the server says 404',
    'unknown-parent: https://there/pinned.yaml is not what was pinned: its SHA-256 is another',
  ]);
});
