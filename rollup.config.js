// Rollup shakes the AWS SDK's 1.3 MB of schemas down to the operations in use, which ncc alone cannot; ncc then makes dist/.
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
import license from 'rollup-plugin-license';

/** @type {import('rollup').RollupOptions} */
export default {
  input: 'build/src/main.js',
  output: { file: 'build/bundle/index.js', format: 'es', inlineDynamicImports: true },
  plugins: [
    resolve({ preferBuiltins: true, exportConditions: ['node'] }),
    commonjs(),
    json(),
    license({ thirdParty: { output: 'dist/licenses.txt' } }),
  ],
  onwarn(warning, warn) {
    const ofDependency =
      warning.code === 'CIRCULAR_DEPENDENCY' ||
      warning.code === 'THIS_IS_UNDEFINED' ||
      warning.code === 'INVALID_ANNOTATION';
    if (!ofDependency) warn(warning);
  },
};
