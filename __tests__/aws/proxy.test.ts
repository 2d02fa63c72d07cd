import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as ask } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openClouds } from '../../src/aws/open-clouds.js';
import type { Environment } from '../../src/github/event.js';
import { readProxies } from '../../src/github/read-proxies.js';
import { makeToolkitFetch } from '../../src/github/toolkit-fetch.js';
import { systemClock } from '../../src/lib/clock.js';
import { startProxyServer, type ProxyServer } from '../proxy-server.js';
import { createRepository } from '../repository.js';
import { readJournal } from '../scenarios/journal.js';

const CLI = fileURLToPath(new URL('../../build/src/cli.js', import.meta.url));
const REGION = 'us-west-2';
const EC2 = `ec2.${REGION}.amazonaws.com`;
const PRICES = 'api.pricing.us-east-1.amazonaws.com';
const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

const directory = mkdtempSync(join(tmpdir(), 'ami-layers-proxy-'));
let sandbox: Sandbox;
let amazon: Server;
let proxy: ProxyServer;

/** The sandbox with a certificate of AWS's name for EC2. */
async function startAmazon(): Promise<Server> {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', `/CN=${EC2}`, '-addext', `subjectAltName=DNS:${EC2}`];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const { method = 'GET', headers, url = '/' } = incoming;
    const onward = ask(new URL(url, sandbox.endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  sandbox = await startSandbox({ directory: join(directory, 'sandbox') });
  amazon = await startAmazon();
  proxy = await startProxyServer((place) =>
    place === `${EC2}:443` ? portOf(amazon) : Number(new URL(`http://${place}`).port),
  );
});

afterEach(() => {
  for (const name of VARIABLES) delete process.env[name];
  proxy.requests.length = 0;
});

afterAll(async () => {
  await proxy.stop();
  amazon.closeAllConnections();
  amazon.close();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** What a plan asks of AWS, of the sandbox at the address that reaches it under a name that is not this machine's. */
async function askAws(env: Environment, host = '0.0.0.0'): Promise<readonly string[]> {
  const { port } = new URL(sandbox.endpoint);
  Object.assign(process.env, sandbox.environment, env, { AWS_ENDPOINT_URL: `http://${host}:${port}` });
  const calls = {};
  const cloudIn = await openClouds({
    scope: 'local',
    calls,
    clock: systemClock,
    identity: undefined,
    proxyFor: readProxies(process.env),
  });
  await cloudIn(REGION).findImages(['0'.repeat(64)]);
  await cloudIn(REGION).findImages(['1'.repeat(64)]);
  expect(calls).toEqual({ DescribeImages: 2 });
  return [...proxy.requests];
}

test('a plan in a terminal reaches AWS through the tunnel of a proxy, with the credentials of its URL', async () => {
  const repository = createRepository({ 'templates/one.yaml': 'base: al2023\nprovision: [{run: echo one}]\n' });
  const { AWS_ENDPOINT_URL: _, ...credentials } = sandbox.environment;
  const env = {
    ...process.env,
    ...credentials,
    AWS_REGION: REGION,
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem'),
  };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [CLI, 'plan'], { cwd: repository.root, env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  repository.remove();
  expect(output).toContain('1 to build');
  // The proxy never answers for the Price List: the plan does without, and its process ends.
  expect(proxy.requests.toSorted()).toEqual([`CONNECT ${PRICES}:443 amy:p@ss`, `CONNECT ${EC2}:443 amy:p@ss`]);
  expect(output).toContain('(on-demand prices in us-east-1, 2026-07-20)');
  const journal = await readJournal(sandbox.control);
  expect(journal.map(({ operation }) => operation)).toEqual(['DescribeImages', 'DescribeImages']);
});

test('an endpoint without TLS is asked through a proxy without a tunnel', async () => {
  const { port } = new URL(sandbox.endpoint);
  expect(await askAws({ HTTP_PROXY: proxy.url })).toEqual(Array(2).fill(`POST http://0.0.0.0:${port}/ amy:p@ss`));
});

test('what NO_PROXY names, and this machine itself, is asked straight', async () => {
  expect(await askAws({ HTTP_PROXY: proxy.url, NO_PROXY: 'example.com,0.0.0.0' })).toEqual([]);
  delete process.env.NO_PROXY;
  expect(await askAws({ HTTP_PROXY: proxy.url }, '127.0.0.1')).toEqual([]);
});

test('without a variable that names a proxy there is none to load', () => {
  expect(readProxies({ NO_PROXY: '*', HTTP_PROXY: '' })).toBeUndefined();
});

test('GitHub is asked through the same proxy', async () => {
  const { port } = new URL(sandbox.endpoint);
  process.env.HTTP_PROXY = proxy.url;
  const fetch = makeToolkitFetch(60_000);
  const { status } = await fetch(`http://0.0.0.0:${port}/repos`, { method: 'GET', headers: {} });
  expect(status).toBeGreaterThan(0);
  expect(proxy.requests).toEqual([`CONNECT 0.0.0.0:${port} amy:p@ss`]);
});
