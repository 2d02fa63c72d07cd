import type { Delays } from './delays.js';
import type { ActiveFault, Fault } from './faults.js';
import type { AccessKey } from './keyring.js';
import type { JournalEntry } from './journal.js';
import type { Mishap } from './mishap.js';
import type { InstanceStateName } from './state.js';
import type { Throttling } from './throttle.js';

/** How a client finds and may use a running daemon: the content of `daemon.json`, readable by its owner only. */
export interface DaemonFile {
  readonly port: number;
  readonly pid: number;
  /** Random for each start; tells this daemon from an older one on the same port. */
  readonly nonce: string;
  /** What the control endpoint asks for. */
  readonly token: string;
  /** Of the user whom every client is that has read this file. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** In the directory: the base that its store has for good. */
export const BASE_MARKER = 'base-name';

export const CONTROL_PATH = '/_sandbox/';
export const TOKEN_HEADER = 'x-sandbox-token';

export interface SandboxStatus {
  readonly nonce: string;
  readonly pid: number;
  /** False: images are lost when the daemon ends. */
  readonly durable: boolean;
  /** What lies under every image: `machine`, `directory:<path>` or `image:<name>`. */
  readonly base: string;
  readonly warning: string | undefined;
  /** Sandbox time in milliseconds since the epoch, and how fast it goes. */
  readonly clock: { readonly time: number; readonly rate: number };
  readonly delays: Delays;
  readonly faults: readonly ActiveFault[];
  readonly throttling: Throttling;
  /** Whether instances find their metadata at 169.254.169.254. */
  readonly metadata: boolean;
  /** Whether each instance has a network of its own, or all share this machine's. */
  readonly network: 'own' | 'shared';
}

/** How much there is of what, for the account of a whole machine. */
export interface SandboxUsage {
  readonly images: number;
  /** By state; a state that none is in is not there. */
  readonly instances: Partial<Readonly<Record<InstanceStateName, number>>>;
  /** What the store takes on the disk (or in memory, where it is not durable), and what it may still take. */
  readonly usedBytes: number;
  readonly availableBytes: number;
}

export interface LeftoverReport {
  readonly instances: readonly { readonly id: string; readonly region: string; readonly state: InstanceStateName }[];
  readonly images: readonly { readonly id: string; readonly region: string; readonly state: 'pending' | 'failed' }[];
  /** That have outlived their instances. */
  readonly volumes: readonly { readonly id: string; readonly region: string; readonly instanceId: string }[];
}

export interface StoredImage {
  readonly imageId: string;
  readonly region: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Allocated bytes of what this image added to the one that it was built on. */
  readonly deltaBytes: number;
  /** The same as the sum of the files' lengths. */
  readonly deltaApparentBytes: number;
  /** Allocated bytes of all of its layers and of the operating system under them. */
  readonly fullBytes: number;
}

export interface InstanceTime {
  readonly id: string;
  readonly region: string;
  readonly type: string;
  readonly state: InstanceStateName;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly launchedAt: number;
  /** Undefined while it is not terminated. */
  readonly endedAt: number | undefined;
}

export interface TaggedResource {
  /** Of an instance, an image or a snapshot. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of an image. */
  readonly snapshotId?: string;
}

/** What the control endpoint can be asked, with the parameters and the answer of each. */
export interface ControlCalls {
  readonly status: { readonly asks: Record<string, never>; readonly answers: SandboxStatus };
  readonly usage: { readonly asks: Record<string, never>; readonly answers: SandboxUsage };
  readonly journal: {
    readonly asks: { readonly after: number; readonly limit: number };
    readonly answers: readonly JournalEntry[];
  };
  readonly leftovers: { readonly asks: Record<string, never>; readonly answers: LeftoverReport };
  readonly storage: { readonly asks: Record<string, never>; readonly answers: readonly StoredImage[] };
  readonly instances: { readonly asks: Record<string, never>; readonly answers: readonly InstanceTime[] };
  readonly tagged: { readonly asks: Record<string, never>; readonly answers: readonly TaggedResource[] };
  readonly 'add-fault': { readonly asks: { readonly fault: Fault }; readonly answers: null };
  readonly befall: { readonly asks: { readonly instanceId: string; readonly mishap: Mishap }; readonly answers: null };
  readonly 'set-clock': { readonly asks: { readonly rate: number }; readonly answers: null };
  readonly advance: { readonly asks: { readonly ms: number }; readonly answers: { readonly time: number } };
  readonly 'set-delays': { readonly asks: { readonly delays: Partial<Delays> }; readonly answers: null };
  readonly 'set-throttling': { readonly asks: { readonly throttling: Throttling }; readonly answers: null };
  readonly 'clear-faults': { readonly asks: Record<string, never>; readonly answers: null };
  readonly 'access-key': { readonly asks: { readonly account: string }; readonly answers: AccessKey };
  readonly 'identity-token': {
    readonly asks: { readonly subject: string };
    readonly answers: { readonly token: string };
  };
  readonly reset: { readonly asks: Record<string, never>; readonly answers: null };
  readonly stop: { readonly asks: Record<string, never>; readonly answers: null };
}

export type ControlCall = keyof ControlCalls;

/** The control endpoint of a running sandbox. Every method throws when the daemon does not answer. */
export interface Control {
  readonly status: () => Promise<SandboxStatus>;
  readonly usage: () => Promise<SandboxUsage>;
  /** Entries after that sequence number (0: from the start), oldest first, at most 1,000 at a time. */
  readonly journal: (after?: number, limit?: number) => Promise<readonly JournalEntry[]>;
  /** What is still running or half made. */
  readonly leftovers: () => Promise<LeftoverReport>;
  /** The images that stand, by name. */
  readonly storage: () => Promise<readonly StoredImage[]>;
  /** Every instance since the state was last reset, terminated ones for an hour. */
  readonly instances: () => Promise<readonly InstanceTime[]>;
  /** Every instance, image and snapshot that is there, terminated instances for an hour. */
  readonly tagged: () => Promise<readonly TaggedResource[]>;
  readonly addFault: (fault: Fault) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  /** Throws when it cannot befall that instance: one that is off, or no Spot Instance. */
  readonly befall: (instanceId: string, mishap: Mishap) => Promise<void>;
  /** How fast the sandbox's time goes from now on. */
  readonly setClock: (clock: { readonly rate: number }) => Promise<void>;
  /**
   * Moves the sandbox's time forward, with all that falls due on the way. Returns the time then, in milliseconds since
   * the epoch. Programs on instances take no notice.
   */
  readonly advance: (ms: number) => Promise<number>;
  /** Those that are not named stay as they are. What waits already is not changed. */
  readonly setDelays: (delays: Partial<Delays>) => Promise<void>;
  readonly setThrottling: (throttling: Throttling) => Promise<void>;
  /** The key of another account's user. */
  readonly accessKey: (account: string) => Promise<AccessKey>;
  /** What GitHub gives to a job that may ask for an OIDC token; AssumeRoleWithWebIdentity takes no other. */
  readonly identityToken: (subject: string) => Promise<string>;
  /** Ends all machines and forgets all instances, images, snapshots and parameters. */
  readonly reset: () => Promise<void>;
  /** Ends the daemon; answers before it is gone. */
  readonly stop: () => Promise<void>;
}

const MOST_ENTRIES = 1000;

export function connectControl({ port, token }: Pick<DaemonFile, 'port' | 'token'>): Control {
  const ask = async <Call extends ControlCall>(
    call: Call,
    parameters: ControlCalls[Call]['asks'],
  ): Promise<ControlCalls[Call]['answers']> => {
    const response = await fetch(`http://127.0.0.1:${port}${CONTROL_PATH}${call}`, {
      method: 'POST',
      headers: { [TOKEN_HEADER]: token },
      body: JSON.stringify(parameters),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${call}: ${await response.text()}`);
    return (await response.json()) as ControlCalls[Call]['answers'];
  };
  const tell = async <Call extends ControlCall>(call: Call, parameters: ControlCalls[Call]['asks']): Promise<void> => {
    await ask(call, parameters);
  };
  return {
    status: () => ask('status', {}),
    usage: () => ask('usage', {}),
    journal: (after = 0, limit = MOST_ENTRIES) => ask('journal', { after, limit: Math.min(limit, MOST_ENTRIES) }),
    leftovers: () => ask('leftovers', {}),
    storage: () => ask('storage', {}),
    instances: () => ask('instances', {}),
    tagged: () => ask('tagged', {}),
    addFault: (fault) => tell('add-fault', { fault }),
    clearFaults: () => tell('clear-faults', {}),
    befall: (instanceId, mishap) => tell('befall', { instanceId, mishap }),
    setClock: (clock) => tell('set-clock', clock),
    advance: async (ms) => (await ask('advance', { ms })).time,
    setDelays: (delays) => tell('set-delays', { delays }),
    setThrottling: (throttling) => tell('set-throttling', { throttling }),
    accessKey: (account) => ask('access-key', { account }),
    identityToken: async (subject) => (await ask('identity-token', { subject })).token,
    reset: () => tell('reset', {}),
    stop: () => tell('stop', {}),
  };
}
