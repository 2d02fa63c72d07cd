import { expect, test } from '@jest/globals';
import { makeOptions } from '../../src/action/make-options.js';
import { parseInputs } from '../../src/inputs.js';
import { DEFAULT_INPUTS } from '../inputs.js';
import { RUN } from '../report/example-report.js';

test('without AWS nothing is built again, whatever the inputs say: there is no matrix to build it with', () => {
  const parsed = parseInputs((name) => (name === 'no-cache' ? 'true' : (DEFAULT_INPUTS[name] ?? '')));
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics[0]?.message);
  const rebuildWith = (offline: string | undefined): string =>
    makeOptions({
      inputs: parsed.inputs,
      policy: {
        kind: 'run',
        affectedOnly: true,
        promote: false,
        committedOnly: false,
        offline,
        pullRequest: undefined,
      },
      run: RUN,
      changed: { known: false, why: 'a test' },
      region: 'us-west-2',
    }).rebuild;
  expect(rebuildWith(undefined)).toBe('selected');
  expect(rebuildWith('This pull request comes from a fork')).toBe('no');
});
