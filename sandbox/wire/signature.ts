import { Sha256Node } from '@smithy/core/checksum';
import { HttpRequest, parseQueryString } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

/** What a request's Authorization header says (Signature Version 4). */
export interface Authorization {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const SCHEME =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]{1,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request, *SignedHeaders=([a-z0-9;_-]{1,2000}), *Signature=([0-9a-f]{64})$/;

/** Undefined: it is incomplete, or of another scheme. */
export function readAuthorization(header: string): Authorization | undefined {
  const [all, accessKeyId = '', day = '', region = '', service = '', headers = '', signature = ''] =
    SCHEME.exec(header) ?? [];
  if (all === undefined) return undefined;
  return { accessKeyId, day, region, service, signedHeaders: headers.split(';'), signature };
}

/** An HTTP request as it is signed. */
export interface SignedRequest {
  readonly method: string;
  /** From the slash on. */
  readonly url: string;
  /** Those that are signed, by their names in lower case; `x-amz-date` is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

/** The Authorization header that AWS's own signer writes for it. */
export async function authorize(request: SignedRequest, key: SigningKey): Promise<string> {
  const { region, service, ...credentials } = key;
  const { method, headers, body } = request;
  const [path = '/', ...query] = request.url.split('?');
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256Node, applyChecksum: false });
  const signed = await signer.sign(
    new HttpRequest({ method, path, query: parseQueryString(query.join('?')), headers: { ...headers }, body }),
    { signingDate: dateOf(headers['x-amz-date']), signableHeaders: new Set(Object.keys(headers)) },
  );
  return signed.headers.authorization ?? '';
}

/** Of `20261121T010203Z`; not a date for anything else. */
export function dateOf(text = ''): Date {
  const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(text) ?? [];
  return new Date(`${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`);
}
