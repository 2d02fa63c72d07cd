import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as sendHttp } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/start.js';
import { credentialsOf } from '../support/credentials-of.js';
import { pseudoRandom } from '../support/pseudo-random.js';
import { REGION } from '../support/session.js';
import { signRequest } from '../support/sign-request.js';
import { makeRequest, type RawRequest } from './malformed-requests.js';

const CASES = Number(process.env.FUZZ_CASES ?? 4000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const AT_A_TIME = 16;
const ANSWER_TIMEOUT_MS = 60_000;
const MEBIBYTE = 1_048_576;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

let directory: string;
let sandbox: Sandbox;
let pid: number;
const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  ({ pid } = await sandbox.control.status());
});

afterAll(async () => {
  agent.destroy();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

async function send(raw: RawRequest): Promise<Answer> {
  const { path: url, body } = raw;
  const headers = await signed(raw);
  return new Promise((resolve, reject) => {
    const options = { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } };
    const request = sendHttp(new URL(sandbox.endpoint + url), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, contentType: answered['content-type'] ?? '', body: Buffer.concat(chunks).toString() });
      });
    });
    request.setTimeout(ANSWER_TIMEOUT_MS, () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(body);
  });
}

/** Its headers, with a signature over all of it where somebody signs it. */
async function signed({ signedFor, path: url, headers, body }: RawRequest): Promise<Readonly<Record<string, string>>> {
  if (signedFor === undefined) return headers;
  const { endpoint } = sandbox;
  const scope = `${signedFor}/${REGION}`;
  return signRequest({ endpoint, scope, credentials: credentialsOf(sandbox), url, headers, body });
}

/** What is wrong with an answer; undefined for a success and for an error as AWS words them. */
function fault({ status, contentType, body }: Answer): string | undefined {
  if (status === 200) return undefined;
  if (status < 400 || status > 499) return `status ${status}: ${body.slice(0, 300)}`;
  const isShaped = contentType.startsWith('text/xml')
    ? /<Error>(<Type>\w+<\/Type>)?<Code>[\w.]+<\/Code><Message>[^<]*<\/Message>/.test(body)
    : hasType(body);
  return isShaped ? undefined : `not AWS's shape (${contentType}): ${body.slice(0, 300)}`;
}

function hasType(body: string): boolean {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && '__type' in parsed && 'message' in parsed;
}

/** Resident memory of the daemon, in bytes. */
function residentBytes(): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

test('Whatever a request is made of, it is answered, or refused with a 4xx in the shape of its service, and the daemon stays as it was.', async () => {
  const random = pseudoRandom(SEED);
  const requests = Array.from({ length: CASES }, () => makeRequest(random));
  const faults: string[] = [];
  let refused = 0;
  const queue = requests.entries();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const [index, request] of queue) {
        const answer = await send(request);
        if (answer.status !== 200) refused += 1;
        const wrong = fault(answer);
        if (wrong !== undefined) {
          faults.push(
            `case ${index} ${JSON.stringify(request.headers)} ${request.body.toString().slice(0, 300)}: ${wrong}`,
          );
        }
      }
    }),
  );
  expect(faults.slice(0, 5)).toEqual([]);
  expect(refused).toBeGreaterThan(CASES * 0.6);
  expect(await sandbox.control.status()).toMatchObject({ pid });
  expect(await sandbox.control.leftovers()).toEqual({ instances: [], images: [], volumes: [] });
  expect(residentBytes()).toBeLessThan(400 * MEBIBYTE);
  expect(readFileSync(path.join(directory, 'daemon.log'), 'utf8')).toBe('');
});

test('A body longer than 8 MiB is RequestEntityTooLarge, HTTP 413, and is not kept in memory.', async () => {
  const before = residentBytes();
  const body = Buffer.alloc(10 * MEBIBYTE, 'a');
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = await send({ path: '/', signedFor: 'ec2', headers: {}, body });
    expect({ status: answer.status, fault: fault(answer) }).toEqual({ status: 413, fault: undefined });
    expect(answer.body).toContain('<Code>RequestEntityTooLarge</Code>');
  }
  expect(residentBytes() - before).toBeLessThan(100 * MEBIBYTE);
});

test('A client that hangs up in the middle of its request harms nobody.', async () => {
  const own = await signed({ path: '/', signedFor: 'ec2', headers: {}, body: Buffer.alloc(0) });
  const headers = { ...own, 'content-length': '1000' };
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise<void>((resolve) => {
      const request = sendHttp(sandbox.endpoint, { method: 'POST', headers, agent: false });
      request.on('error', () => undefined);
      request.on('close', resolve);
      request.write('Action=Describe', () => request.destroy());
    });
  }
  expect(await sandbox.control.status()).toMatchObject({ pid });
  expect(readFileSync(path.join(directory, 'daemon.log'), 'utf8')).toBe('');
});
