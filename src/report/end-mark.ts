import { createHash } from 'node:crypto';

/**
 * The word that ends a here document with this text in it. It is made of the whole text, so that whoever writes the text
 * cannot have written the word into it, and is nowhere in it: no reader that trims lines or drops characters finds it.
 */
export function endMark(text: string): string {
  for (let round = 0; ; round += 1) {
    const mark = `END_${createHash('sha256').update(`${round} ${text}`).digest('hex').slice(0, 32)}`;
    if (!text.includes(mark)) return mark;
  }
}
