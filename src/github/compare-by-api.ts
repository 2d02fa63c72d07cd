import type { ChangedFiles } from './changed-files.js';
import type { GithubEvent } from './event.js';
import { openOctokit } from './octokit.js';
import type { Remote } from './remote.js';

/** Of more, the API silently leaves the rest out (docs.github.com, REST: list pull request files; compare two commits). */
const MOST_PULL_REQUEST_FILES = 3_000;
const MOST_COMPARED_FILES = 300;

const API_TIMEOUT_MS = 60_000;

interface File {
  readonly filename: string;
  readonly previous_filename?: string | undefined;
  readonly patch?: string | undefined;
}

/** What GitHub's API says of an event; undefined where it cannot say, or not all of it. Never throws. */
export async function compareByApi(event: GithubEvent, remote: Remote): Promise<ChangedFiles | undefined> {
  if (remote.token === '') return undefined;
  try {
    return await ask(event, remote);
  } catch {
    return undefined;
  }
}

async function ask(event: GithubEvent, { apiUrl, repository, token }: Remote): Promise<ChangedFiles | undefined> {
  const { request, paginate } = openOctokit(token, apiUrl);
  const [owner = '', repo = ''] = repository.split('/');
  const common = { owner, repo, request: { signal: AbortSignal.timeout(API_TIMEOUT_MS) } };
  const compare = async (base: string, head: string): Promise<ChangedFiles | undefined> => {
    const asked = { ...common, basehead: `${base}...${head}` };
    const { data } = await request('GET /repos/{owner}/{repo}/compare/{basehead}', asked);
    return changed(data.merge_base_commit.sha, data.files ?? [], MOST_COMPARED_FILES);
  };
  switch (event.kind) {
    case 'pull_request': {
      const asked = { ...common, pull_number: event.number, per_page: 100 };
      const files = await paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', asked);
      return changed(event.baseSha, files, MOST_PULL_REQUEST_FILES);
    }
    case 'push':
      if (!event.onDefaultBranch) return compare(event.defaultBranch ?? event.before, event.after);
      // The API compares with where the two parted, which after a forced push is not the commit before it.
      return event.forced ? undefined : compare(event.before, event.after);
    case 'merge_group':
      return compare(event.baseSha, event.headSha);
    case 'other':
      return undefined;
  }
}

function changed(base: string, listed: readonly File[], most: number): ChangedFiles | undefined {
  if (listed.length >= most) return undefined;
  const names = listed.flatMap((file) => {
    const both = [file.filename, ...(file.previous_filename === undefined ? [] : [file.previous_filename])];
    return mayLeadOn(file) ? both.flatMap((name) => [name, `${name}/`]) : both;
  });
  return { known: true, base, files: names.sort() };
}

/** The API does not say what is a link or a submodule. Either is one line of a patch, and not every patch is shown. */
function mayLeadOn({ patch }: File): boolean {
  return patch === undefined || /^@@ -(?:0,0|1) \+(?:0,0|1) @@/.test(patch);
}
