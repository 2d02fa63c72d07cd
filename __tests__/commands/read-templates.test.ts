import { expect, test } from '@jest/globals';
import { gatherLayers } from '../../src/commands/gather-layers.js';
import { createFsWorkspace } from '../../src/workspace/fs-workspace.js';
import { optionsOf } from '../scenarios/rig.js';
import { temporaryFolder } from '../workspace/temporary-folder.js';

test('who cancels while templates are read is heard before the next ones', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`templates/l${index}.yaml`, 'provision: [{run: ls}]\n']),
  );
  const cancel = new AbortController();
  const workspace = createFsWorkspace(temporaryFolder(files));
  const read: string[] = [];
  const counting = {
    ...workspace,
    read: (path: string) => {
      read.push(path);
      // As a signal's handler: in a turn of the event loop, which reading has to give it.
      if (read.length === 10) setImmediate(() => cancel.abort());
      return workspace.read(path);
    },
  };
  await expect(gatherLayers(optionsOf({}), counting, cancel.signal)).rejects.toThrow(
    'the run was cancelled while its templates were read',
  );
  expect(read.length).toBeLessThan(200);
});
