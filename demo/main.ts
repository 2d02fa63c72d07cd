import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHubApi } from '../sandbox/github/api.js';
import { startSandbox } from '../sandbox/start.js';
import { checkScenario, type Check } from './checks.js';
import { readCloud } from './cloud.js';
import { describeCosts } from './costs.js';
import { makeRepository } from './repository.js';
import { runScenario, type Stage } from './run-scenario.js';
import { SCENARIOS, WRITTEN_BY_STEPS } from './scenarios.js';
import { print, printChecks, printTitle } from './screen.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const OUTPUT = join(PROJECT, '.sandbox');

const INTRODUCTION = `ami-layers, from a pull request to validated images.

AWS and GitHub are stand-ins on this machine: EC2, SSM and STS are the sandbox, the comments go to a local API.
Everything else is as in your repository: real git, the bundle dist/index.js with action.yml's inputs, main and post,
the AWS SDK over HTTP, and every command of every template really runs, in instances cut off from this machine.`;

async function main(): Promise<boolean> {
  const startedAt = Date.now();
  print(INTRODUCTION);
}

process.exitCode = (await main()) ? 0 : 1;
