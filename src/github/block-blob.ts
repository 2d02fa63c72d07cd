import { createReadStream, statSync } from 'node:fs';
import { HttpClient } from '@actions/http-client';

/**
 * In the bundle, this is @azure/storage-blob (rollup.config.js): what @actions/cache asks of that package to keep some
 * kilobytes. GitHub's addresses of blobs are signed, so there is nothing to authenticate.
 */
export class BlockBlobClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  getBlockBlobClient(): this {
    return this;
  }

  /** Without a length, @actions/cache downloads with the toolkit's HTTP client. */
  async getProperties(): Promise<{ readonly contentLength?: number }> {
    return {};
  }

  /** Puts Blob: one request for the whole content. */
  async uploadFile(path: string): Promise<{ readonly _response: { readonly status: number } }> {
    const answer = await new HttpClient('ami-layers').sendStream('PUT', this.#url, createReadStream(path), {
      'content-length': statSync(path).size,
      'content-type': 'application/octet-stream',
      'x-ms-blob-type': 'BlockBlob',
    });
    await answer.readBody();
    return { _response: { status: answer.message.statusCode ?? 0 } };
  }
}

export const BlobClient = BlockBlobClient;
