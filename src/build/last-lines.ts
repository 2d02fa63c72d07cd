/** The last lines of some output, oldest first, for an error message. */
export function lastLines(text: string, count = 40): readonly string[] {
  return text
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .slice(-count);
}
