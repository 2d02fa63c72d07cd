/** Where a builder's bundle lives; root only, removed by the seal. */
export const BUNDLE_ROOT = '/var/lib/ami-layers';

/** Where a test instance's bundle lives: the sealed state is looked for in the builder's. */
export const TEST_ROOT = '/var/lib/ami-layers-test';

/** In memory: where the end of the work is told once the seal has removed the bundle. Gone after a stop. */
export const ASIDE = '/run/ami-layers';

/** In every image: the template hash of the layer whose steps the disk has had last. */
export const DONE_MARK = '/opt/ami-layers/template-hash';

/** How much of a check's output comes back. */
export const OUTPUT_TAIL_BYTES = 20_000;

/** Starts the lines that are for the watcher and not for people. */
export const MARKER = '@@ami-layers';
