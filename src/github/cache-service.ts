import { HttpClient } from '@actions/http-client';
import { BearerCredentialHandler } from '@actions/http-client/lib/auth';
import type { Environment } from './event.js';

/** The repository's cache at GitHub: texts by key. Each key is written once; any entry may be gone at any time. */
export interface CacheService {
  /** The newest text whose key begins so; undefined: there is none. */
  readonly find: (prefix: string) => Promise<string | undefined>;
  readonly add: (key: string, text: string) => Promise<void>;
}

/** How long one connection may say nothing. */
const IDLE_TIMEOUT_MS = 5_000;

interface Answer {
  readonly ok?: boolean;
  readonly message?: string;
  readonly signed_download_url?: string;
  readonly signed_upload_url?: string;
}

/**
 * Speaks what @actions/cache speaks (its cacheTwirpClient.ts), for which that package brings 0.6 MB: three calls, and a
 * blob to read or write. `version`: entries of another one are not seen. Undefined where the runner offers no cache.
 */
export function openCacheService(env: Environment, version: string): CacheService | undefined {
  const { ACTIONS_RESULTS_URL: base, ACTIONS_RUNTIME_TOKEN: token } = env;
  const { ACTIONS_CACHE_SERVICE_V2: isOffered, ACTIONS_CACHE_MODE: mode } = env;
  if (base === undefined || token === undefined || (isOffered ?? '') === '' || mode === 'none') return undefined;
  const options = { socketTimeout: IDLE_TIMEOUT_MS };
  const service = new HttpClient('ami-layers', [new BearerCredentialHandler(token)], options);
  // Its addresses are signed; it must not see the token.
  const storage = new HttpClient('ami-layers', [], options);

  const call = async (method: string, request: object): Promise<Answer> => {
    const url = new URL(`/twirp/github.actions.results.api.v1.CacheService/${method}`, base).href;
    const { result } = await service.postJson<Answer>(url, { ...request, version });
    return result ?? {};
  };

  return {
    find: async (prefix) => {
      const { signed_download_url: url = '' } = await call('GetCacheEntryDownloadURL', {
        key: prefix,
        restore_keys: [prefix],
      });
      if (url === '') return undefined;
      const answer = await storage.get(url);
      expectSuccess('the cached text', answer.message.statusCode);
      return answer.readBody();
    },

    add: async (key, text) => {
      const { signed_upload_url: url = '', message = '' } = await call('CreateCacheEntry', { key });
      if (url === '') throw new Error(`GitHub takes no cache entry: ${message}`);
      const headers = { 'content-type': 'application/octet-stream', 'x-ms-blob-type': 'BlockBlob' };
      const answer = await storage.request('PUT', url, text, headers);
      expectSuccess('writing the cached text', answer.message.statusCode);
      await answer.readBody();
      await call('FinalizeCacheEntryUpload', { key, size_bytes: String(Buffer.byteLength(text)) });
    },
  };
}

function expectSuccess(what: string, status = 0): void {
  if (status < 200 || status >= 300) throw new Error(`${what}: HTTP ${status}`);
}
