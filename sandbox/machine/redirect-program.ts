/** Fields of struct bpf_sock_addr (include/uapi/linux/bpf.h), in network byte order. */
const ADDRESS = 4;
const PORT = 24;

const METADATA_ADDRESS = [169, 254, 169, 254] as const;
const LOOPBACK = [127, 0, 0, 1] as const;
const HTTP_PORT = 80;

interface Instruction {
  readonly code: number;
  readonly into: number;
  readonly from?: number;
  readonly offset?: number;
  readonly value?: number;
}

/**
 * A BPF program of type CGROUP_SOCK_ADDR for INET4_CONNECT: a connection to 169.254.169.254:80 goes to 127.0.0.1 at that
 * port instead, any other where it wants to. Little-endian, as are x86 and
 * Arm systems.
 */
export function redirectProgram(port: number): Buffer {
  // Register 0 is the result, 1 the context. Jump offsets count the instructions that are left out.
  const program: readonly Instruction[] = [
    { code: LOAD_WORD, into: 2, from: 1, offset: ADDRESS },
    { code: JUMP_IF_NOT, into: 2, offset: 6, value: networkWord(METADATA_ADDRESS) },
    { code: LOAD_WORD, into: 2, from: 1, offset: PORT },
    { code: JUMP_IF_NOT, into: 2, offset: 4, value: networkPort(HTTP_PORT) },
    { code: SET_WORD, into: 2, value: networkWord(LOOPBACK) },
    { code: STORE_WORD, into: 1, from: 2, offset: ADDRESS },
    { code: SET_WORD, into: 2, value: networkPort(port) },
    { code: STORE_WORD, into: 1, from: 2, offset: PORT },
    { code: SET_WORD, into: 0, value: 1 },
    { code: EXIT, into: 0 },
  ];
  return Buffer.concat(program.map(encode));
}

/** BPF_LDX|BPF_MEM|BPF_W and so on (Documentation/bpf/standardization/instruction-set.rst). */
const LOAD_WORD = 0x61;
const STORE_WORD = 0x63;
const SET_WORD = 0xb4;
const JUMP_IF_NOT = 0x56;
const EXIT = 0x95;

function encode({ code, into, from = 0, offset = 0, value = 0 }: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(into | (from << 4), 1);
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(value, 4);
  return bytes;
}

/** The number that the machine sees when these bytes lie in memory. */
function networkWord(bytes: readonly [number, number, number, number]): number {
  return Buffer.from(bytes).readInt32LE();
}

function networkPort(port: number): number {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(port);
  return bytes.readUInt16LE();
}

/**
 * Perl, because it can make any system call: `$ARGV[0]` the number of bpf, `[1]` the control group's directory, `[2]` the
 * program in hexadecimal. BPF_PROG_LOAD is 5, BPF_PROG_ATTACH 8, the program type 18, the attach type 10, and flag 2
 * (BPF_F_ALLOW_MULTI) lets programs of the groups above work too. The program stays until the group is removed.
 */
export const REDIRECT_SCRIPT = String.raw`
use strict;
my ($bpf, $cgroup, $code) = ($ARGV[0] + 0, $ARGV[1], pack("H*", $ARGV[2]));
my $license = "Apache-2.0\0";
my $address = sub { unpack("Q", pack("P", $_[0])) };
my $load = pack("L2 Q2 L2 Q L2 a16 L2", 18, length($code) / 8, $address->($code), $address->($license), 0, 0, 0, 0, 0,
  "metadata", 0, 10);
my $program = syscall($bpf, 5, $load, length($load));
die "cannot load: $!\n" if $program < 0;
open(my $directory, "<", $cgroup) or die "cannot open $cgroup: $!\n";
my $attach = pack("L4", fileno($directory), $program, 10, 2);
die "cannot attach: $!\n" if syscall($bpf, 8, $attach, length($attach)) < 0;
`;
