import { expect, test } from '@jest/globals';
import { CloudFailure } from '../../src/build/cloud.js';
import { createFleet } from '../../src/build/fleet.js';

test('an instance that EC2 has forgotten does not silence the heartbeats of the others', async () => {
  const heard: string[] = [];
  let rests = 0;
  let hasRested: () => void = () => undefined;
  const beats = new Promise<void>((resolve) => (hasRested = resolve));
  const fleet = createFleet({
    cloud: {
      tag: (ids) => {
        if (ids.includes('i-gone')) return Promise.reject(unknown('i-gone'));
        heard.push(...ids);
        return Promise.resolve();
      },
      terminate: () => Promise.resolve([]),
    },
    clock: {
      now: () => 0,
      sleep: () => {
        rests += 1;
        if (rests < 3) return Promise.resolve();
        hasRested();
        return new Promise(() => undefined);
      },
    },
    heartbeatIntervalMs: 30_000,
  });
  fleet.hold('i-gone');
  fleet.hold('i-here');
  await beats;
  expect(heard).toEqual(['i-here', 'i-here']);
});

function unknown(id: string): CloudFailure {
  const message = `The instance ID '${id}' does not exist`;
  return new CloudFailure({
    operation: 'CreateTags',
    code: 'InvalidInstanceID.NotFound',
    message,
    fix: '',
    treatment: 'wait',
    cause: undefined,
  });
}
