import { createRequire } from 'node:module';

/** CommonJS, whose class stands under `default`. */
const { default: TestSequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** These take longest and are small files: by size, as jest goes where it knows no durations, one worker would end with them alone. */
const LONG = [
  'torture/torture',
  'torture/long-steps',
  'tutorial',
  'sandbox/aws-cli/transcript',
  'scenarios/chained-builds',
];

export default class LongFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`/__tests__/${name}.test.ts`));
      return at === -1 ? LONG.length : at;
    };
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
