#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { z } from 'zod';
import { makeOutput } from './cli/output.js';
import { createProgram } from './cli/program.js';

/** The command line's entry; with main.ts the only place that touches the process. */
// What later versions of the SDK will need is for whoever updates the pinned one, not for users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());

const output = makeOutput(process.stdout, process.stderr);
// What libraries and Node have to say is printed as everything else is: it has texts of others in it too.
const say = (...said: readonly unknown[]): void => output.err(format(...said));
Object.assign(console, { debug: say, error: say, info: say, log: say, trace: say, warn: say });
process.removeAllListeners('warning').on('warning', ({ name, message }) => output.err(`${name}: ${message}`));
process.on('uncaughtException', (error) => {
  output.err(`This is a bug in ami-layers; please report it. ${error.stack ?? error.message}`);
  process.exit(1);
});
// Whoever reads may stop reading, as `head` does.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const program = createProgram(
  {
    version: readVersion(),
    ...output,
    env: process.env,
    setEnv: (variables) => {
      Object.assign(process.env, variables);
    },
    directory: process.cwd(),
    signal: cancel.signal,
  },
  (status) => {
    process.exitCode = status;
  },
);

if (process.argv.length <= 2) program.outputHelp();
else await program.parseAsync(process.argv);

/** Where package.json is seen from build/src, which is what npm installs. */
function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
