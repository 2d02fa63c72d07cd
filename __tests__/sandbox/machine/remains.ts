import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const NAMESPACES = ['mnt', 'pid', 'uts', 'ipc', 'net'] as const;

/** Ids of processes, as the machine sees them, whose command line starts so. Arguments are joined with NUL. */
export function processesCalled(commandLine: string): readonly string[] {
  return processes().filter((pid) => readOr(`/proc/${pid}/cmdline`).startsWith(commandLine));
}

/** The namespaces of a process that are not this one's, as `mnt:[4026532]`. */
export function ownNamespaces(pid: string): readonly string[] {
  return NAMESPACES.map((kind) => namespaceOf(pid, kind)).filter((one, index) => {
    return one !== namespaceOf('self', NAMESPACES[index] ?? 'mnt');
  });
}

export interface Remains {
  readonly directory: string;
  readonly namespaces: readonly string[];
}

/** What is still there of a sandbox: its mounts in anybody's view, its loop devices, processes, namespaces. One line each. */
export function remainsOf({ directory, namespaces }: Remains): readonly string[] {
  const found: string[] = [];
  for (const pid of processes()) {
    const commandLine = readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    if (commandLine.includes(directory)) found.push(`process ${pid}: ${commandLine}`);
    for (const kind of NAMESPACES) {
      const namespace = namespaceOf(pid, kind);
      if (namespaces.includes(namespace)) found.push(`process ${pid} in ${namespace}`);
    }
    const mounts = readOr(`/proc/${pid}/mountinfo`).split('\n');
    found.push(...mounts.filter((line) => line.includes(directory)).map((line) => `mount of process ${pid}: ${line}`));
  }
  for (const device of readdirSync('/sys/block').filter((name) => name.startsWith('loop'))) {
    const file = readOr(`/sys/block/${device}/loop/backing_file`).trim();
    if (file.startsWith(directory)) found.push(`${device} on ${file}`);
  }
  return found;
}

function processes(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function namespaceOf(pid: string, kind: (typeof NAMESPACES)[number]): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return '';
  }
}

/** Processes and devices come and go between being listed and being read. */
function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
