import { expect, test } from '@jest/globals';
import { createUndoStack } from '../../src/lib/undo-stack.js';

test('undoes in reverse order, goes on past one that fails, and returns what failed', async () => {
  const undone: string[] = [];
  const stack = createUndoStack<string>();
  const add = (name: string): (() => void) =>
    stack.add(
      () => {
        undone.push(name);
        return name === 'second' ? Promise.reject(new Error('stuck')) : Promise.resolve();
      },
      (error) => `${name}: ${String(error)}`,
    );
  add('first');
  add('second');
  const forget = add('third');
  add('fourth');
  forget();
  expect(await stack.run()).toEqual(['second: Error: stuck']);
  expect(undone).toEqual(['fourth', 'second', 'first']);
  expect(await stack.run()).toEqual([]);
});
