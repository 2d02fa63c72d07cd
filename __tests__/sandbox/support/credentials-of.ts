import type { Sandbox } from '../../../sandbox/start.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Of the sandbox's own user. */
export function credentialsOf({ environment }: Pick<Sandbox, 'environment'>): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
  return { accessKeyId, secretAccessKey };
}
