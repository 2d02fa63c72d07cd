import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '../../sandbox/start.js';
import { openSession } from './support/session.js';

test('faults happen when they were ordered, and every call is in the journal', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'ami-faults-'));
  const sandbox = await startSandbox({ directory });
  const { control } = sandbox;
  const { ec2, launch, baseImage } = openSession(sandbox);
  const base = await baseImage();
  const calls = (await control.journal()).length;
  const throttled = { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
  await control.addFault({ kind: 'error', operation: 'DescribeImages', call: 1, ...throttled });
  await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  await control.addFault({ kind: 'drop-connection', operation: 'RunInstances', call: 1, when: 'after' });
  await launch(base, { ClientToken: 'dropped' });
  await control.addFault({ kind: 'capacity', instanceType: 'c7i.large' });
  await expect(launch(base, { InstanceType: 'c7i.large' })).rejects.toMatchObject({
    name: 'InsufficientInstanceCapacity',
  });
  const entries = (await control.journal(calls)).map(({ operation, result }) => `${operation} ${result}`);
  expect(entries).toEqual([
    'DescribeImages RequestLimitExceeded',
    'DescribeImages OK',
    'RunInstances connection dropped after the effect',
    'RunInstances OK',
    ...Array<string>(3).fill('RunInstances InsufficientInstanceCapacity'),
  ]);
  expect((await control.instances()).filter(({ state }) => state !== 'terminated')).toHaveLength(1);
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});
