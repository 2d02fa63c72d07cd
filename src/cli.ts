#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createProgram } from './cli/program.js';

/** The command line's entry; with main.ts the only place that touches the process. */
// What later versions of the SDK will need is for whoever updates the pinned one, not for users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());

const program = createProgram(
  {
    version: readVersion(),
    out: (line) => {
      console.log(line);
    },
    err: (line) => {
      console.error(line);
    },
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
