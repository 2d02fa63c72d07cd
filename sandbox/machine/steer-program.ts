/** Fields of struct bpf_sk_lookup (include/uapi/linux/bpf.h). */
const FAMILY = 8;
const PROTOCOL = 12;
const LOCAL_ADDRESS = 40;
const LOCAL_PORT = 60;

const AF_INET = 2;
const IPPROTO_TCP = 6;
const LOOPBACK = '127.0.0.1';

/** Numbers of helper functions (same file). */
const MAP_LOOKUP = 1;
const SK_RELEASE = 86;
const SK_ASSIGN = 124;

/** The context is in register 6, the socket in 7; 10 is the stack. */
interface Instruction {
  readonly code: number;
  readonly into: number;
  readonly from?: number;
  readonly offset?: number;
  readonly value?: number;
}

export interface SteerProgram {
  readonly bytes: Buffer;
  /** Where in it the file descriptor of the map belongs whose first entry is the socket, as a little-endian word. */
  readonly mapAt: number;
}

/**
 * A BPF program of type SK_LOOKUP: a TCP connection that arrives in a network namespace goes to one socket, wherever it
 * was to go; but one to loopback or to the namespace's own address stays, save for one port of 127.0.0.1.
 * Little-endian, as are x86 and Arm systems.
 */
export function steerProgram({ own, port }: { readonly own: string; readonly port: number }): SteerProgram {
  const steer = 13;
  const pass = 27;
  // Jump offsets count the instructions that are left out; `to` makes them of where they lead.
  const to = (target: number, at: number): number => target - at - 1;
  const program: readonly Instruction[] = [
    { code: MOVE, into: 6, from: 1 },
    { code: LOAD_WORD, into: 2, from: 6, offset: FAMILY },
    { code: JUMP_IF_NOT_WORD, into: 2, value: AF_INET, offset: to(pass, 2) },
    { code: LOAD_WORD, into: 2, from: 6, offset: PROTOCOL },
    { code: JUMP_IF_NOT_WORD, into: 2, value: IPPROTO_TCP, offset: to(pass, 4) },
    { code: LOAD_WORD, into: 2, from: 6, offset: LOCAL_ADDRESS },
    { code: JUMP_IF_WORD, into: 2, value: networkWord(own), offset: to(pass, 6) },
    { code: MOVE_WORD, into: 3, from: 2 },
    { code: AND_WORD, into: 3, value: 0xff },
    { code: JUMP_IF_NOT_WORD, into: 3, value: 127, offset: to(steer, 9) },
    { code: JUMP_IF_NOT_WORD, into: 2, value: networkWord(LOOPBACK), offset: to(pass, 10) },
    { code: LOAD_WORD, into: 3, from: 6, offset: LOCAL_PORT },
    { code: JUMP_IF_NOT_WORD, into: 3, value: port, offset: to(pass, 12) },
    { code: STORE_VALUE, into: 10, offset: -4 },
    { code: MOVE, into: 2, from: 10 },
    { code: ADD, into: 2, value: -4 },
    { code: LOAD_MAP, into: 1, from: 1 },
    { code: 0, into: 0 },
    { code: CALL, into: 0, value: MAP_LOOKUP },
    { code: JUMP_IF, into: 0, value: 0, offset: to(pass, 19) },
    { code: MOVE, into: 7, from: 0 },
    { code: MOVE, into: 1, from: 6 },
    { code: MOVE, into: 2, from: 7 },
    { code: SET, into: 3 },
    { code: CALL, into: 0, value: SK_ASSIGN },
    { code: MOVE, into: 1, from: 7 },
    { code: CALL, into: 0, value: SK_RELEASE },
    { code: SET, into: 0, value: 1 },
    { code: EXIT, into: 0 },
  ];
  const mapAt = program.findIndex(({ code }) => code === LOAD_MAP) * 8 + 4;
  return { bytes: Buffer.concat(program.map(encode)), mapAt };
}

/** BPF_LDX|BPF_MEM|BPF_W and so on (Documentation/bpf/standardization/instruction-set.rst). */
const LOAD_WORD = 0x61;
const LOAD_MAP = 0x18;
const STORE_VALUE = 0x62;
const SET = 0xb7;
const MOVE = 0xbf;
const MOVE_WORD = 0xbc;
const AND_WORD = 0x54;
const ADD = 0x07;
const JUMP_IF = 0x15;
const JUMP_IF_WORD = 0x16;
const JUMP_IF_NOT_WORD = 0x56;
const CALL = 0x85;
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
function networkWord(address: string): number {
  return Buffer.from(address.split('.').map(Number)).readInt32LE();
}
