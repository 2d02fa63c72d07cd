import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentProgram } from '../../../src/build/on-instance/environment.js';
import { MASKED_STEPS } from '../../../src/build/on-instance/masked-steps.js';
import { writtenForms } from '../../../src/lib/written-forms.js';

const root = mkdtempSync(join(tmpdir(), 'masked-steps-'));
afterAll(() => rmSync(root, { recursive: true }));

let runs = 0;

/** The log of a step that prints these lines, on an instance with these secrets. */
function logOf(secrets: Readonly<Record<string, string>>, script: string): string {
  const folder = join(root, String((runs += 1)));
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  mkdirSync(join(folder, 'files'));
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const assignments = Object.entries(secrets).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const read = `#!/bin/bash\ncat <<'THE_END'\n${assignments.join('\n')}\nTHE_END\n`;
  writeFileSync(
    join(folder, 'secrets/list'),
    Object.keys(secrets)
      .map((name) => `${name}\tssm\t/x\n`)
      .join(''),
  );
  writeFileSync(join(folder, 'secrets/read'), read, { mode: 0o755 });
  writeFileSync(join(folder, 'secrets/environment'), environmentProgram([]), { mode: 0o755 });
  writeFileSync(join(folder, 'step'), script);
  writeFileSync(join(folder, 'step.timeout'), '60');
  writeFileSync(join(folder, 'folder'), '.');
  writeFileSync(join(folder, 'log'), '');
  const program = `set -u\nroot=$PWD environment=()\n${MASKED_STEPS}\nread_secrets\nrun_step "$root/step" bash -euo pipefail\n`;
  execFileSync('bash', ['-c', program], { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, 'log'), 'utf8');
}

/** Prints lines without having them in a variable that is a secret. */
const print = (lines: readonly string[]): string => `cat <<'THE_LINES'\n${lines.join('\n')}\nTHE_LINES\n`;

test.each([
  ['letters and signs', "p+ss/w%rd~!*'() ok?"],
  ['every language', 'größer 日本語 🎉'],
  ['the fewest bytes', 'hunter'],
])('a secret is masked in each form that programs write it: %s', (_, secret) => {
  const forms = writtenForms(secret);
  expect(forms.length).toBeGreaterThanOrEqual(6);
  const lines = logOf({ A: secret }, print(forms.map((form) => `<${form}>`)))
    .trimEnd()
    .split('\n');
  expect(lines).toEqual(forms.map(() => '<***>'));
});

test('base64, openssl and xxd break a long one into lines, and none of them shows', () => {
  const key = `-----BEGIN KEY-----\n${'QUJD+/eHl6\n'.repeat(30)}-----END KEY-----\n`;
  const log = logOf(
    { KEY: key },
    `printf %s "$KEY" | base64
echo "user:$KEY" | base64 -w 0; echo
printf %s "$KEY" | base64 -w 64
printf %s "$KEY" | od -An -v -tx1 | tr -d ' \\n' | fold -w 60; echo
echo "$KEY" | tail -n 3
`,
  );
  // The base64 of `user:` is all that is left.
  expect(log.match(/[A-Za-z0-9+/=_-]{6,}/g)).toEqual(['dXNlcjo']);
  expect(log).toContain('***');
});

test('a short value is masked as it is, and no digit of it elsewhere', () => {
  expect(logOf({ PIN: '4711' }, 'echo "$PIN"; printf %s "$PIN" | base64\n')).toBe('***\nNDcxMQ==\n');
});

test('of a value of several lines those that say nothing stay readable', () => {
  const json = '{\n  "a": "first-secret"\n}\n';
  expect(logOf({ JSON: json }, 'echo "{ $JSON }"\n')).toBe('{ {\n***\n}\n }\n');
});
