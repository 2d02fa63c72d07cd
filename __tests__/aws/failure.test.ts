import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { InvocationDoesNotExist } from '@aws-sdk/client-ssm';
import { describe, expect, test } from '@jest/globals';
import { asked, codeOf } from '../../src/aws/failure.js';
import { CloudFailure } from '../../src/build/cloud.js';

function refusal(name: string, message = 'AWS says no.'): Error {
  return new EC2ServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

async function caught(error: Error): Promise<Error> {
  try {
    return await asked('RunInstances', () => Promise.reject(error));
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
    throw thrown;
  }
}

/** Everything of a failure but its stack. */
async function failureFrom(error: Error): Promise<unknown> {
  const failure = await caught(error);
  if (!(failure instanceof CloudFailure)) throw failure;
  const { operation, code, message, fix, treatment, cause } = failure;
  expect(cause).toBe(error);
  return { operation, code, message, fix, treatment };
}

const NETWORK = 'check the way to AWS: network, proxy, endpoints; run it again.';
const ELSE = 'see the message from AWS; run it again when it is solved: finished layers are reused.';

describe('what AWS answers becomes a failure with its code, its words and a fix', () => {
  test.each([
    [
      'UnauthorizedOperation',
      'give-up',
      'give the role the permission that the message names (docs/permissions.md lists all of them).',
    ],
    ['ExpiredToken', 'give-up', 'the credentials ran out during the run; run it again: finished layers are reused.'],
    [
      'VcpuLimitExceeded',
      'next-place',
      'ask AWS for a higher vCPU quota, or choose a smaller `builder.instance_types`.',
    ],
    ['SpotMaxPriceTooLow', 'on-demand', 'build on demand (`spot: false`), or list more `builder.instance_types`.'],
    [
      'MaxSpotInstanceCountExceeded',
      'on-demand',
      'build on demand (`spot: false`), or list more `builder.instance_types`.',
    ],
    ['RequestLimitExceeded', 'again', 'AWS throttles the account; run it again, or lower `max-parallel`.'],
    ['NobodyHasHeardOfThis', 'unsure', ELSE],
  ])('%s', async (code, treatment, fix) => {
    expect(await failureFrom(refusal(code))).toEqual({
      operation: 'RunInstances',
      code,
      message: `RunInstances: AWS says no. (${code})`,
      fix,
      treatment,
    });
  });
});

test.each(['InsufficientInstanceCapacity', 'InsufficientFreeAddressesInSubnet', 'Unsupported'])(
  '%s says that another place may have room',
  async (code) => {
    expect(await failureFrom(refusal(code))).toMatchObject({ code, treatment: 'next-place' });
  },
);

test('a service of its own error class, as SSM has, is told by the same code', async () => {
  const error = new InvocationDoesNotExist({ message: 'not yet', $metadata: {} });
  expect(codeOf(await caught(error))).toBe('InvocationDoesNotExist');
});

test.each([
  [
    'a refused connection',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
    NETWORK,
  ],
  ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'TimeoutError', NETWORK],
  [
    'no credentials at all',
    Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
    'CredentialsProviderError',
    'give AWS credentials: in a workflow `role-to-assume`, in a terminal a profile (AWS_PROFILE) or the environment.',
  ],
])('%s is a failure too', async (_, error, code, fix) => {
  expect(await failureFrom(error)).toMatchObject({ code, fix });
});

test('an error that did not come from outside is a bug, and stays what it is', async () => {
  const bug = new TypeError('undefined is not a function');
  expect(await caught(bug)).toBe(bug);
  expect(codeOf(bug)).toBeUndefined();
});

test('a failure that passes through a second time is not wrapped again', async () => {
  const failure = await caught(refusal('AuthFailure'));
  expect(await caught(failure)).toBe(failure);
});

test('an answer is passed on', async () => {
  expect(await asked('RunInstances', () => Promise.resolve('i-1'))).toBe('i-1');
});
