import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { globSync } from 'tinyglobby';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node.js';

/** What an editor shows under a line, counted from 0. */
interface Problem {
  readonly line: number;
  readonly message: string;
}

interface PublishedDiagnostics {
  readonly uri: string;
  readonly diagnostics: readonly {
    readonly range: { readonly start: { readonly line: number } };
    readonly message: string;
  }[];
}

const SERVER = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');
const uriOf = (path: string) => pathToFileURL(resolve(path)).href;
const SETTINGS = {
  yaml: {
    schemas: { [uriOf('schema/template.schema.json')]: 'templates/*.yaml' },
    schemaStore: { enable: false },
    completion: true,
    hover: true,
    validate: true,
  },
};

let server: ChildProcess;
let connection: MessageConnection;
const waiting = new Map<string, (problems: readonly Problem[]) => void>();

beforeAll(async () => {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  server = child;
  connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? SETTINGS.yaml : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishedDiagnostics) => {
    waiting.get(uri)?.(diagnostics.map(({ range, message }) => ({ line: range.start.line, message })));
    waiting.delete(uri);
  });
  connection.listen();
  const root = uriOf('.');
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'images' }],
    capabilities: { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ['markdown'] } } },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: SETTINGS });
});

afterAll(async () => {
  const ended = once(server, 'exit');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await ended;
  connection.dispose();
});

/** Opens a template in the editor, which need not be on the disk, and waits for what the server says of it. */
async function open(path: string, text: string): Promise<readonly Problem[]> {
  const uri = uriOf(path);
  const published = new Promise<readonly Problem[]>((said) => waiting.set(uri, said));
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  return published;
}

const at = (path: string, line: number, character: number) => ({
  textDocument: { uri: uriOf(path) },
  position: { line, character },
});

async function completions(path: string, line: number, character: number): Promise<readonly string[]> {
  interface Offered {
    readonly items: readonly { readonly label: string }[];
  }
  const { items } = await connection.sendRequest<Offered>('textDocument/completion', at(path, line, character));
  return items.map(({ label }) => label);
}

test('an empty line is completed with the keys that are not there yet, at its depth', async () => {
  const path = 'templates/completed.yaml';
  await open(path, 'name: web\n\nbuilder:\n  \n');
  const keys = await completions(path, 1, 0);
  expect(keys).toEqual(expect.arrayContaining(['extends', 'provision', 'validate']));
  expect(keys).not.toContain('name');
  const settings = await completions(path, 3, 2);
  expect(settings).toContain('instance_types');
  expect(settings).not.toContain('provision');
});

test('an unknown key and a wrong type are marked, each on its line', async () => {
  const problems = await open('templates/wrong.yaml', 'name: web\nprovison: []\ngpu: perhaps\n');
  expect(problems.map(({ line }) => line).sort()).toEqual([1, 2]);
  expect(problems.find(({ line }) => line === 1)?.message).toContain('provison');
  expect(problems.find(({ line }) => line === 2)?.message).toContain('boolean');
});

test('a key that the pointer rests on is described in the words of the schema', async () => {
  const path = 'templates/hovered.yaml';
  await open(path, 'name: web\nextends: base.yaml\n');
  const hover = await connection.sendRequest<{ contents: { value: string } }>('textDocument/hover', at(path, 1, 2));
  expect(hover.contents.value).toContain('The layer this one stands on');
});

test('templates of this repository have no problems by the schema that their first line names', async () => {
  const named = globSync('templates/*/*.yaml').filter((path) =>
    readFileSync(path, 'utf8').includes('# yaml-language-server: $schema='),
  );
  expect(named.length).toBeGreaterThan(3);
  const problems = await Promise.all(named.map((path) => open(path, readFileSync(path, 'utf8'))));
  expect(problems.flat()).toEqual([]);

  const modeline = '# yaml-language-server: $schema=../../schema/template.schema.json';
  expect(await open('templates/quickstart/wrong.yaml', `${modeline}\nprovison: []\n`)).toMatchObject([{ line: 1 }]);
});
