import type { Fault, Turn } from '../../sandbox/faults.js';
import { judge, lookAround } from './aftermath.js';
import { pick, type Suite, type TortureCase } from './suite.js';

const SSM = new Set([
  'GetParameter',
  'SendCommand',
  'GetCommandInvocation',
  'ListCommandInvocations',
  'DescribeInstanceInformation',
]);

/** What each service calls it when it does not know what an operation is about. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  GetParameter: 'ParameterNotFound',
  SendCommand: 'InvalidInstanceId',
  GetCommandInvocation: 'InvocationDoesNotExist',
  ListCommandInvocations: 'InvalidCommandId',
  DescribeInstanceInformation: 'InvalidInstanceId',
  DescribeImages: 'InvalidAMIID.NotFound',
  RunInstances: 'InvalidAMIID.NotFound',
  CreateTags: 'InvalidAMIID.NotFound',
};

type Trouble = (operation: string, call: Turn) => Fault;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  throttled: (operation, call) =>
    SSM.has(operation)
      ? error(operation, call, 'ThrottlingException', 400)
      : error(operation, call, 'RequestLimitExceeded', 503),
  'server error': (operation, call) =>
    SSM.has(operation)
      ? error(operation, call, 'InternalServerError', 500)
      : error(operation, call, 'InternalError', 500),
  'access denied': (operation, call) =>
    SSM.has(operation)
      ? error(operation, call, 'AccessDeniedException', 400)
      : error(operation, call, 'UnauthorizedOperation', 403),
  'not found': (operation, call) => error(operation, call, NOT_FOUND[operation] ?? 'InvalidInstanceID.NotFound', 400),
  'connection lost before': (operation, call) => ({ kind: 'drop-connection', operation, call, when: 'before' }),
  'connection lost after': (operation, call) => ({ kind: 'drop-connection', operation, call, when: 'after' }),
};

/** Each operation of a build goes wrong in each way: its first call, later ones, and every one. */
export const faults: Suite = {
  title: 'a fault in an AWS operation',
  cases: ({ undisturbed }, asked) => {
    const all = [...undisturbed.requests].flatMap(([operation, count]) =>
      Object.entries(TROUBLES).flatMap(([trouble, makeFault]) =>
        turns(count).map((call) => makeCase(`${operation} ${trouble}, call ${call}`, makeFault(operation, call))),
      ),
    );
    return pick(all, asked);
  },
};

function turns(count: number): readonly Turn[] {
  return [...new Set<Turn>([1, 2, Math.ceil(count / 2), count]), 'every' as const].filter(
    (turn) => turn === 'every' || turn <= count,
  );
}

function makeCase(name: string, fault: Fault): TortureCase {
  return {
    name,
    run: async (arena) => {
      await arena.sandbox.control.addFault(fault);
      const first = await (await arena.start()).ended;
      await arena.sandbox.control.clearFaults();
      const found = await lookAround(arena);
      const second = await (await arena.start()).ended;
      const { problems, notes } = await judge(arena, found, second.status);
      return {
        problems: [...problems, ...bugs(first.output), ...bugs(second.output)],
        notes: [...notes, first.status === 0 ? 'the run got over it' : 'the run failed'],
      };
    },
  };
}

function bugs(output: string): readonly string[] {
  return /a bug in ami-layers.*|This is a bug.*/.exec(output) ?? [];
}

function error(operation: string, call: Turn, code: string, status: number): Fault {
  return { kind: 'error', operation, call, code, status, message: `${operation} was made to fail.` };
}
