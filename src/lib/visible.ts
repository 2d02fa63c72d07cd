/**
 * What acts on a terminal, a browser or a reader without being seen: C0 controls but for the tab and the line feed, DEL, C1
 * controls, line and paragraph separators, the bidirectional controls that make text read other than it is, characters of
 * no width, tags, variation selectors other than the emoji's, and halves of characters. A joiner between two emoji is part
 * of one picture.
 */
const HIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?<![\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/** The text with such characters as what they are: `\x1b`, `\u202e`. In JSON, which escapes C0 itself, it means the same. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, at) => nameOf(character, at)).join(''),
  );
}

/** Whether something in the text would not be seen. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

function nameOf(character: string, at: number): string {
  const unit = character.charCodeAt(at);
  return unit < 0x20 ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`;
}
