const GAP = '  ';

/**
 * Aligned columns without lines around them; one string per row. Cells must be safe to print; an empty one shows a
 * dash. All columns but the last hold names and ids, so that UTF-16 units are terminal columns. Plans have up to ten
 * thousand rows, for which cli-table3 takes seconds.
 */
export function consoleTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows.map((row) => row.map((cell) => cell || '–'))];
  const widths = head.map((_, column) => all.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), 0));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
