import type { Machine } from '../machine/boot.js';
import { runInside, type ProgramEnd } from '../machine/run-inside.js';
import type { InstanceRecord } from '../state.js';
import type { World } from '../world.js';
import type { CommandRecord, Invocation, InvocationResult, Preemption } from './command-record.js';
import { resolveParameters } from './resolve-parameters.js';

/** What the agent needs of the machine that it runs on. */
export interface AgentHost {
  readonly machine: Machine;
  readonly isGoingDown: () => boolean;
  readonly requestReboot: () => void;
}

/** What came of running the script, before it is the invocation's result. */
type ScriptEnd = ProgramEnd | { readonly kind: 'preempted'; readonly why: Preemption };

/** First characters that are kept of each stream, and how the cut is marked (AGENT iohandler.go). */
const STDOUT_CHARACTERS = 24_000;
const STDERR_CHARACTERS = 8_000;
const CUT_MARK = '--output truncated--';

/** A script that ends with this asks for a reboot, and is run again after it (`SSMUG:send-commands-reboot`). */
const REBOOT_CODE = 194;
/** Reported as a time-out even when the script itself exited with it (AGENT pluginutil_unix.go). */
const PREEMPTED_CODE = 137;

/**
 * Registers the agent and gives it what waits for it: commands that were sent meanwhile, and scripts that asked for the
 * reboot. Returns what hands it further commands.
 */
export function agentOnline(world: World, instance: InstanceRecord, host: AgentHost): (command: CommandRecord) => void {
  instance.registeredAt = world.now();
  instance.agentSilentSince = undefined;
  world.changed('instances', instance.id);
  const deliver = (command: CommandRecord): void => {
    const invocation = command.invocations.get(instance.id);
    if (invocation === undefined) return;
    const { state } = invocation;
    if (state.kind === 'pending') void execute(world, instance, host, command, invocation, world.now());
    if (state.kind === 'rebooting') void execute(world, instance, host, command, invocation, state.startedAt);
    if (state.kind === 'interrupted') {
      invocation.stderr += `document process failed unexpectedly: ${state.why}`;
      end(world, invocation, 'failed', 1, state.startedAt);
    }
  };
  for (const command of world.commands.values()) deliver(command);
  return deliver;
}

async function execute(
  world: World,
  instance: InstanceRecord,
  host: AgentHost,
  command: CommandRecord,
  invocation: Invocation,
  startedAt: number,
): Promise<void> {
  const script = scriptOf(world, instance, command);
  if (script.kind === 'refused') {
    invocation.stderr = script.why;
    end(world, invocation, 'failed', 1, startedAt);
    return;
  }
  const { ended, killGroup } = runInside(host.machine, {
    program: ['sh', '-c', RUN_SCRIPT, 'agent', orchestration(instance, command), workingDirectory(command)],
    environment: environmentOf(world, instance, command),
    input: script.text,
    onStdout: (chunk) => {
      invocation.stdout = keep(invocation.stdout, chunk, STDOUT_CHARACTERS);
    },
    onStderr: (chunk) => {
      invocation.stderr = keep(invocation.stderr, chunk, STDERR_CHARACTERS);
    },
  });
  const preempted = new Promise<ScriptEnd>((resolve) => {
    const preempt = (why: Preemption): void => {
      if (why !== 'agent-restarted') killGroup();
      resolve({ kind: 'preempted', why });
    };
    invocation.state = { kind: 'running', startedAt, preempt };
  });
  const timeout = world.after(command.executionTimeoutSeconds * 1000, () => {
    if (invocation.state.kind === 'running') invocation.state.preempt('timed-out');
  });
  const scriptEnd = await Promise.race([ended, preempted]);
  timeout.cancel();
  conclude(world, host, invocation, scriptEnd, startedAt);
}

function conclude(
  world: World,
  host: AgentHost,
  invocation: Invocation,
  scriptEnd: ScriptEnd,
  startedAt: number,
): void {
  if (scriptEnd.kind === 'exited' && scriptEnd.code === REBOOT_CODE) {
    invocation.state = { kind: 'rebooting', startedAt };
    host.requestReboot();
    return;
  }
  if (scriptEnd.kind !== 'preempted' && host.isGoingDown() && !(scriptEnd.kind === 'exited' && scriptEnd.code === 0)) {
    // The way in complains when the machine is gone before the script has begun.
    invocation.stderr = invocation.stderr.replace(/^nsenter: .*\n/gm, '');
    invocation.state = { kind: 'interrupted', startedAt, why: 'the machine went down' };
    return;
  }
  if (scriptEnd.kind === 'preempted' && scriptEnd.why === 'agent-restarted') {
    invocation.state = { kind: 'interrupted', startedAt, why: 'the agent was restarted' };
    return;
  }
  const { result, responseCode, complaint } = resultOf(scriptEnd);
  if (complaint !== '') invocation.stderr = keep(invocation.stderr, Buffer.from(complaint), STDERR_CHARACTERS);
  end(world, invocation, result, responseCode, startedAt);
}

type Script = { readonly kind: 'ready'; readonly text: string } | { readonly kind: 'refused'; readonly why: string };

function scriptOf(world: World, instance: InstanceRecord, command: CommandRecord): Script {
  const text = `${(command.parameters.commands ?? []).join('\n')}\n`;
  try {
    return { kind: 'ready', text: resolveParameters(world, instance, text) };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
}

/** As Go words them (its syscall package, zerrors_linux_amd64.go). */
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** AGENT executers.go, pluginutil_unix.go and runscript.go, as one table of cases. */
function resultOf(scriptEnd: ScriptEnd): {
  readonly result: InvocationResult;
  readonly responseCode: number;
  readonly complaint: string;
} {
  switch (scriptEnd.kind) {
    case 'preempted':
      return {
        result: scriptEnd.why === 'cancelled' ? 'cancelled' : 'execution-timed-out',
        responseCode: PREEMPTED_CODE,
        complaint: '',
      };
    case 'killed':
      return {
        result: 'failed',
        responseCode: -1,
        complaint: `failed to run commands: signal: ${SIGNALS[scriptEnd.signal] ?? scriptEnd.signal}`,
      };
    case 'exited':
      if (scriptEnd.code === 0) return { result: 'success', responseCode: 0, complaint: '' };
      if (scriptEnd.code === PREEMPTED_CODE) {
        return { result: 'execution-timed-out', responseCode: PREEMPTED_CODE, complaint: '' };
      }
      return {
        result: 'failed',
        responseCode: scriptEnd.code,
        complaint: `failed to run commands: exit status ${scriptEnd.code}`,
      };
  }
}

function end(
  world: World,
  invocation: Invocation,
  result: InvocationResult,
  responseCode: number,
  startedAt: number | undefined,
): void {
  invocation.state = { kind: 'ended', result, responseCode, startedAt, endedAt: world.now() };
}

/**
 * `$1` orchestration directory, `$2` working directory, the script on standard input. `sh -c <path>`: a shebang is
 * honoured, without one it is sh; standard input is empty; nothing sets -e.
 */
const RUN_SCRIPT = `
mkdir -p -m 700 "$1" && cat >"$1/_script.sh" && chmod 700 "$1/_script.sh" || exit 1
cd "$2" 2>/dev/null || { echo "chdir $2: no such file or directory" >&2; exit 1; }
exec sh -c "$1/_script.sh" </dev/null
`;

function orchestration(instance: InstanceRecord, command: CommandRecord): string {
  const plugin = 'awsrunShellScript/0.awsrunShellScript';
  return `/var/lib/amazon/ssm/${instance.id}/document/orchestration/${command.id}/${plugin}`;
}

/** A relative one counts from the downloads, which this document has none of, so the agent's own is used. */
function workingDirectory(command: CommandRecord): string {
  const wanted = command.parameters.workingDirectory?.[0] ?? '';
  return wanted.startsWith('/') ? wanted : '/usr/bin';
}

/** systemd gives a service without User= a PATH and no HOME; the rest is the agent's (AGENT executers.go), and the endpoint ours. */
function environmentOf(
  { base, endpoint }: World,
  instance: InstanceRecord,
  command: CommandRecord,
): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    AWS_SSM_INSTANCE_ID: instance.id,
    AWS_SSM_REGION_NAME: instance.region,
    AWS_SSM_PLATFORM_NAME: base.platform.name,
    AWS_SSM_PLATFORM_VERSION: base.platform.version,
    SSM_COMMAND_ID: command.id,
    ...(endpoint !== undefined && { AWS_ENDPOINT_URL: endpoint }),
  };
}

function keep(text: string, chunk: Buffer, most: number): string {
  if (text.endsWith(CUT_MARK) && text.length >= most) return text;
  const all = text + chunk.toString();
  return all.length <= most ? all : all.slice(0, most - CUT_MARK.length) + CUT_MARK;
}
