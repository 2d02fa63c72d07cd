import { getOctokit } from '@actions/github';
import { systemClock } from '../lib/clock.js';
import { makePatientFetch, type Patience } from './patient-fetch.js';
import { makeToolkitFetch } from './toolkit-fetch.js';

/** How long one connection to GitHub may say nothing. */
const IDLE_TIMEOUT_MS = 60_000;

/** For what there is another way to know. */
const LITTLE_PATIENCE: Patience = { clock: systemClock, mostMs: 15_000 };

/** Routes are written as GitHub documents them: names for all of them (`rest`) are 83 KB, which the bundle leaves out. */
export type Octokit = Pick<ReturnType<typeof getOctokit>, 'request' | 'paginate'>;

/** GitHub's REST API. `apiUrl`: `https://api.github.com`, or a GitHub Enterprise Server's (`GITHUB_API_URL`). */
export function openOctokit(token: string, apiUrl: string, patience: Patience = LITTLE_PATIENCE): Octokit {
  const fetch = makePatientFetch(makeToolkitFetch(IDLE_TIMEOUT_MS), patience);
  return getOctokit(token, { baseUrl: apiUrl, request: { fetch } });
}
