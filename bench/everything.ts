import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last line of what webpack makes: nothing of the chunks has been asked for yet. */
const END = 'module.exports = __webpack_exports__;';
const LOAD_ALL = `for (const file of require('node:fs').readdirSync(__dirname)) {
  const chunk = /^\\d+(?=\\.index\\.js$)/.exec(file);
  if (chunk) __nccwpck_require__.e(Number(chunk[0]));
}
for (const id of Object.keys(__nccwpck_require__.m)) __nccwpck_require__(id);`;

/** A copy of the bundle that also loads every chunk and runs every module, whatever it is asked to do. Returns its entry. */
export function copyThatLoadsEverything(dist: string, folder: string): string {
  cpSync(dist, folder, { recursive: true });
  const entry = join(folder, 'index.js');
  const text = readFileSync(entry, 'utf8');
  if (!text.includes(END)) throw new Error(`${entry} does not end as expected: ${text.slice(-200)}`);
  writeFileSync(entry, text.replace(END, LOAD_ALL));
  return entry;
}
