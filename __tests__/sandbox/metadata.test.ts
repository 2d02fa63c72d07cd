import { TerminateInstancesCommand, type RunInstancesRequest } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MACHINE_ARCHITECTURE } from '../../sandbox/account.js';
import { startSandbox, type Sandbox } from '../../sandbox/start.js';
import { openSession } from './support/session.js';

/** Bash alone, so that the base image needs no curl: `ask METHOD PATH [HEADER]...` prints status and body. */
const ASK = String.raw`#!/bin/bash
ask() {
  exec 9<>/dev/tcp/169.254.169.254/80 || return
  { printf '%s %s HTTP/1.0\r\n' "$1" "$2"; shift 2; for header; do printf '%s\r\n' "$header"; done; printf '\r\n'; } >&9
  read -r _ status _ <&9
  while read -r line <&9 && [ "$line" != $'\r' ]; do :; done
  printf '%s ' "$status"; cat <&9; exec 9>&-
}
token=$(ask PUT /latest/api/token 'X-aws-ec2-metadata-token-ttl-seconds: 60' | cut -d' ' -f2)
meta() { ask GET "/latest/$1" "X-aws-ec2-metadata-token: $token"; echo; }
`;

let directory: string;
let sandbox: Sandbox;
let session: ReturnType<typeof openSession>;
let base: string;
let hasMetadata: boolean;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ami-sandbox-'));
  sandbox = await startSandbox({ directory });
  session = openSession(sandbox);
  base = await session.baseImage();
  hasMetadata = (await sandbox.control.status()).metadata;
  if (!hasMetadata)
    console.warn('instances cannot have metadata on this machine: its tests only check that it is said');
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** What a script that starts with ASK prints on an instance that was launched like this; undefined without metadata. */
async function printed(script: string, extra: Partial<RunInstancesRequest> = {}): Promise<string | undefined> {
  if (!hasMetadata) return undefined;
  const id = await session.launch(base, extra);
  await session.online(id);
  const { StandardOutputContent, StandardErrorContent } = await session.run(id, ASK, script);
  await session.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect(StandardErrorContent).toBe('');
  return StandardOutputContent?.replaceAll(id, '<id>');
}

test('An instance reads who and where it is at 169.254.169.254.', async () => {
  const said = await printed(
    'for name in ami-id instance-id instance-type placement/region placement/availability-zone; do meta "meta-data/$name"; done',
    {
      InstanceType: MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large',
      Placement: { AvailabilityZone: 'us-west-2b' },
    },
  );
  const type = MACHINE_ARCHITECTURE === 'arm64' ? 'm7g.large' : 'm7i.large';
  if (hasMetadata) expect(said).toBe(`200 ${base}\n200 <id>\n200 ${type}\n200 us-west-2\n200 us-west-2b\n`);
});

test('Without a token the metadata is 401 where the launch required tokens, and readable where it did not.', async () => {
  const script =
    'ask GET /latest/meta-data/ami-launch-index; ask GET /latest/meta-data/mac "X-aws-ec2-metadata-token: no"';
  const required = await printed(script, { MetadataOptions: { HttpTokens: 'required' } });
  const optional = await printed(script, { MetadataOptions: { HttpTokens: 'optional' } });
  if (!hasMetadata) return;
  expect(required).toBe('401 401 - Unauthorized\n401 401 - Unauthorized\n');
  expect(optional).toBe('200 0401 401 - Unauthorized\n');
});

test('A metadata token is asked for with PUT and a lifetime of one second to six hours, and not through a proxy.', async () => {
  const said = await printed(`
    ttl='X-aws-ec2-metadata-token-ttl-seconds'
    ask PUT /latest/api/token | head -1
    ask PUT /latest/api/token "$ttl: 21601" | head -1
    ask GET /latest/api/token "$ttl: 60" | head -1
    ask PUT /latest/api/token "$ttl: 60" 'X-Forwarded-For: 10.0.0.1' | head -1`);
  if (!hasMetadata) return;
  expect(said).toBe('400 400 - Bad Request\n400 400 - Bad Request\n405 405 - Not Allowed\n403 403 - Forbidden\n');
});

test('An instance finds its role’s credentials and its user data, and its tags only when the launch says so.', async () => {
  const script = `
    meta meta-data/iam/security-credentials/
    meta meta-data/iam/security-credentials/builder | tr -d '\\n' | sed 's/.*"AccessKeyId":"\\([A-Z]*\\).*/\\1/'
    echo
    meta user-data
    meta meta-data/tags/instance/
    meta meta-data/tags/instance/team`;
  const userData = Buffer.from('plain text').toString('base64');
  const tags: Partial<RunInstancesRequest> = {
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'hpc' }] }],
  };
  const without = await printed(script, { ...tags });
  const withAll = await printed(script, {
    ...tags,
    UserData: userData,
    MetadataOptions: { InstanceMetadataTags: 'enabled' },
  });
  if (!hasMetadata) return;
  const missing = '404 404 - Not Found\n\n';
  expect(without).toBe(`200 builder\nASIA\n${missing}${missing}${missing}`);
  expect(withAll).toBe('200 builder\nASIA\n200 plain text\n200 team\n200 hpc\n');
});

test('The metadata endpoint can be turned off.', async () => {
  const said = await printed('ask GET /latest/meta-data/ami-id', { MetadataOptions: { HttpEndpoint: 'disabled' } });
  if (hasMetadata) expect(said).toBe('403 403 - Forbidden\n');
});
