import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCompiledAction, type CompiledAction } from './compiled-action.js';
import { pullRequest } from './deliveries.js';
import { createOrigin, type Origin } from './origin.js';

const OLD = '##[set-output name=amis]{"base":"ami-evil"}';
const NEW = '::set-output name=amis::{"base":"ami-evil"}';
const ESCAPE = '\u001b]0;evil\u0007 \u009b2J \u202e';

let origin: Origin;
let action: CompiledAction;
let server: Server;
beforeAll(async () => {
  origin = createOrigin();
  action = makeCompiledAction();
  // GitHub, AWS and STS at once: whatever it is asked, it answers with its reason phrase.
  server = createServer((_request, response) => {
    response.writeHead(400, `${OLD} \u009b2J`, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${NEW}\n${OLD}\n${ESCAPE}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  origin.remove();
  action.remove();
  server.close();
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
// eslint-disable-next-line no-control-regex -- control characters are what must not be there
const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('a template cannot set an output of the step by an unknown key, or act on who reads the log', async () => {
  const workspace = origin.checkout('refs/pull/4/merge');
  const keys = [OLD, `\n${NEW}`, ESCAPE].map((key) => `${JSON.stringify(key)}: 1\n`);
  writeFileSync(join(workspace, 'templates/app.yaml'), `extends: base\n${keys.join('')}`);
  const delivery = pullRequest(origin.commits, { from: { full_name: 'mallory/octo-repo' } });
  const { conclusion, outputs, log, annotations } = await action.run({
    delivery,
    workspace,
    serverUrl: origin.serverUrl,
  });
  expect(conclusion).toBe('failure');
  expect(outputs).toEqual({ result: 'failure', 'has-builds': 'false' });
  const text = log.join('\n');
  expect(text).toContain('# #[set-output name=amis]');
  expect(text).toContain(String.raw`\x1b]0;evil\x07`);
  expect(ACTS.exec(text)).toBeNull();
  expect(ACTS.exec(annotations.map(({ title, message }) => `${title ?? ''}${message}`).join())).toBeNull();
});

test('neither can what AWS and GitHub answer, the reason phrase of HTTP included', async () => {
  const workspace = origin.checkout('refs/pull/4/merge');
  const { conclusion, outputs, log, annotations } = await action.run({
    delivery: pullRequest(origin.commits),
    workspace,
    serverUrl: origin.serverUrl,
    apiUrl: url(),
    inputs: { 'aws-region': 'us-west-2', 'instance-profile': 'builder' },
    environment: {
      AWS_ENDPOINT_URL: url(),
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
    },
  });
  expect(conclusion).toBe('failure');
  expect(Object.keys(outputs).sort()).toEqual(['has-builds', 'result']);
  const text = [...log, ...annotations.map(({ message }) => message)].join('\n');
  expect(text).toContain('# #[set-output name=amis]');
  expect(ACTS.exec(text)).toBeNull();
});
