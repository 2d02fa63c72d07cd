import { expect, test } from '@jest/globals';
import { InvalidInput } from '../../src/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/diagnostics/render-diagnostic.js';
import { readRepositorySettings } from '../../src/template/repository-settings.js';

const read = (text: string | undefined) =>
  readRepositorySettings({ read: () => (text === undefined ? undefined : Buffer.from(text)) });

function problemsOf(text: string): string {
  try {
    return JSON.stringify(read(text));
  } catch (error) {
    if (error instanceof InvalidInput) return renderDiagnostics(error.diagnostics);
    throw error;
  }
}

test.each([
  [undefined, {}],
  ['', {}],
  ['# nothing yet\n', {}],
  ['scope: octo-labs/images\n', { scope: 'octo-labs/images' }],
])('%j says %j', (text, settings) => {
  expect(read(text)).toEqual(settings);
});

test.each([
  ['scop: a/b\n', 'unknown key "scop"', 'rename it to "scope"', '1:1'],
  ['scope: "a b"\n', '`scope`: expected a name', 'owner/name', '1:8'],
  ['scope: 7\n', '`scope`: expected a name', 'owner/name', '1:8'],
  ['- scope\n', 'expected a mapping of keys', 'scope', '1:1'],
  ['scope: [\n', 'yaml-syntax', '', '1:'],
  ['scope: a\nscope: b\n', 'duplicate-key', '', '2:1'],
])('%j is refused at its place', (text, message, fix, place) => {
  const problems = problemsOf(text);
  expect(problems).toContain(message);
  expect(problems).toContain(fix);
  expect(problems).toContain(`ami-layers.yaml:${place}`);
});
