import { readFileSync } from 'node:fs';
import type { Environment } from '../github/event.js';
import { publishSummary } from '../github/publish.js';
import type { Inputs } from '../inputs.js';
import { renderKilledComment, renderKilledSummary } from '../report/killed.js';
import { warn } from './announce.js';
import { createComment } from './create-comment.js';
import { receiveEvent } from './receive-event.js';

/** What the main step would have said at its end: else the comment would go on saying that layers are being built. */
export async function announceKilled(inputs: Inputs, env: Environment): Promise<void> {
  const payload: unknown = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  const directory = env.GITHUB_WORKSPACE ?? '.';
  const { run, policy } = await receiveEvent({ env, payload, inputs, token: '', directory, settings: {} });
  if (policy.kind !== 'run') return;
  const { pullRequest } = policy;
  const comment = createComment({ inputs, run, apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com', pullRequest });
  warn((await comment(renderKilledComment(run, { id: inputs.commentId }), false)).warnings);
  if (inputs.summary) warn(await publishSummary(renderKilledSummary(run)));
}
