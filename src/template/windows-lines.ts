import { decodeUtf8 } from './decode-utf8.js';

const SHELL_NAME = /\.(?:sh|bash)$/;
const SHELL_LINE = /^#![^\n]*\b(?:ba|da|k|z)?sh\b/;

/** Whether a shell on Linux would stumble over the text: any of its lines ends as on Windows. */
export function hasWindowsLines(script: string): boolean {
  return script.includes('\r\n');
}

/**
 * The same for a file that may be no script. Other interpreters take such lines, but the system that looks for them by
 * the first line of a file does not.
 */
export function isWindowsScript(path: string, bytes: Uint8Array): boolean {
  const isProgram = bytes[0] === 0x23 && bytes[1] === 0x21;
  if (!isProgram && !SHELL_NAME.test(path)) return false;
  const text = decodeUtf8(bytes);
  if (text === undefined || text.includes('\0')) return false;
  return SHELL_NAME.test(path) || SHELL_LINE.test(text) ? hasWindowsLines(text) : /^[^\n]*\r\n/.test(text);
}
