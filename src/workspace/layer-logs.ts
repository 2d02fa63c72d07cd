import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder, writeOwnFile } from './own-files.js';

/** Logs of layers that are built side by side, each in a file of its own, so that none of them fills the memory. */
export interface LayerLogs {
  readonly add: (name: string, lines: readonly string[]) => void;
  /** The end of a log, whole lines, and how many bytes before it were left out. */
  readonly read: (name: string, mostBytes: number) => LayerLog;
  readonly remove: () => void;
}

export interface LayerLog {
  readonly lines: readonly string[];
  readonly leftOutBytes: number;
}

/** `onTrouble` is told once when the logs cannot be written; there are none from then on. A build does not fail for it. */
export function createLayerLogs(directory: string, onTrouble: (trouble: string) => void): LayerLogs {
  let broken = false;
  const attempt = <Result>(work: () => Result, otherwise: Result): Result => {
    if (broken) return otherwise;
    try {
      return work();
    } catch (error) {
      broken = true;
      onTrouble(`the logs of the layers are not kept: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  };
  const pathOf = (name: string): string => join(directory, `${name.replace(/[^A-Za-z0-9._-]/g, '-')}.log`);
  return {
    add: (name, lines) => {
      attempt(() => {
        if (lines.length === 0) makeOwnFolder(directory, '.');
        else writeOwnFile(directory, pathOf(name), { content: `${lines.join('\n')}\n`, how: 'append' });
      }, undefined);
    },
    read: (name, mostBytes) => attempt(() => readEnd(pathOf(name), mostBytes), { lines: [], leftOutBytes: 0 }),
    remove: () => {
      attempt(() => rmSync(directory, { recursive: true, force: true }), undefined);
    },
  };
}

function readEnd(path: string, mostBytes: number): LayerLog {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, mostBytes));
    readSync(file, end, 0, end.length, size - end.length);
    const begin = end.length < size ? end.indexOf('\n') + 1 : 0;
    const text = end.subarray(begin).toString().replace(/\n$/, '');
    return { lines: text.split('\n'), leftOutBytes: size - end.length + begin };
  } finally {
    closeSync(file);
  }
}
