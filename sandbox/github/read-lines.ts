import { StringDecoder } from 'node:string_decoder';

/** Lines of a stream as .NET's StreamReader.ReadLine has them: a line ends at `\n`, `\r` or `\r\n`, and nowhere else. */
export function readLines(onLine: (line: string) => void): {
  readonly add: (chunk: Buffer) => void;
  readonly end: () => void;
} {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  let afterReturn = false;
  const take = (text: string): void => {
    if (text === '') return;
    const fresh = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    afterReturn = text.endsWith('\r');
    const lines = (begun + fresh).split(/\r\n|\r|\n/);
    begun = lines.pop() ?? '';
    lines.forEach(onLine);
  };
  return {
    add: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (begun !== '') onLine(begun);
      begun = '';
    },
  };
}
