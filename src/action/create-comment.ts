import { print } from '../github/logs.js';
import type { WriteComment } from '../github/pull-request-comment.js';
import type { Audience } from './announce.js';

/** What became of writing the comment. */
export interface Commented {
  /** Empty when it was not written. */
  readonly url: string;
  readonly warnings: readonly string[];
}

/** The comment of the pull request; none where nobody asked for one. */
export function createComment({
  inputs,
  run,
  apiUrl,
  pullRequest,
}: Pick<Audience, 'inputs' | 'run' | 'apiUrl' | 'pullRequest'>): (body: string, create: boolean) => Promise<Commented> {
  if (pullRequest === undefined || run.repository === undefined) {
    return () => Promise.resolve({ url: '', warnings: [] });
  }
  const place = { apiUrl, token: inputs.githubToken, repository: run.repository, pullRequest };
  let write: WriteComment | undefined;
  return async (body, create) => {
    write ??= (await import('../github/pull-request-comment.js')).createCommentWriter(place);
    const result = await write({ body, create: create || inputs.comment === 'always' });
    switch (result.kind) {
      case 'written':
        return { url: result.url, warnings: [] };
      case 'skipped':
        print([`Pull request comment: ${result.why}.`]);
        return { url: '', warnings: [] };
      case 'refused':
        return { url: '', warnings: [result.warning] };
    }
  };
}
