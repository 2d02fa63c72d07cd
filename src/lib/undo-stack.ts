export interface UndoStack<Failed> {
  /** Registers how to undo what was just made. Call it on the line after. Returns a way to forget it again. */
  readonly add: (undo: () => Promise<void>, onFailure: (error: unknown) => Failed) => () => void;
  /** Starts everything registered, last first and side by side. One that fails does not stop the others; what failed is returned. */
  readonly run: () => Promise<readonly Failed[]>;
}

export function createUndoStack<Failed>(): UndoStack<Failed> {
  const entries: { readonly undo: () => Promise<void>; readonly onFailure: (error: unknown) => Failed }[] = [];
  return {
    add: (undo, onFailure) => {
      const entry = { undo, onFailure };
      entries.push(entry);
      return () => {
        const at = entries.indexOf(entry);
        if (at !== -1) entries.splice(at, 1);
      };
    },
    run: async () => {
      const undone = await Promise.all(
        entries
          .splice(0)
          .toReversed()
          .map(async ({ undo, onFailure }): Promise<readonly Failed[]> => {
            try {
              await undo();
              return [];
            } catch (error) {
              return [onFailure(error)];
            }
          }),
      );
      return undone.flat();
    },
  };
}
