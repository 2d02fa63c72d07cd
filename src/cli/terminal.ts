import type { Environment } from '../github/event.js';
import type { Output } from './output.js';

/** The process, as the command line's parts are given it. */
export interface Terminal extends Output {
  /** Of this program. */
  readonly version: string;
  /** Results, and everything that belongs to them. */
  readonly out: (line: string) => void;
  /** Progress while the result is JSON; problems always. */
  readonly err: (line: string) => void;
  /** Scripts and the like, for programs to take: byte for byte, unless standard output is a terminal. */
  readonly data: (text: string) => void;
  readonly env: Environment;
  /** Sets a variable for what follows in this process: the SDK reads its endpoint and credentials there. */
  readonly setEnv: (variables: Readonly<Record<string, string>>) => void;
  readonly directory: string;
  readonly signal: AbortSignal;
}
