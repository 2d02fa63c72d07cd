import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { outcomes, outputOf } from './outcomes.js';
import { overlayOf } from './overlay-of.js';
import { openRig, type Rig } from './rig.js';

/** A download that brings an archive, or an installer, of an attacker's; and no package manager that takes time. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'usr/local/bin/curl': `while [ "$1" != --output ]; do shift; done
mkdir -p /tmp/spack/bin
printf '#!/bin/sh\necho attacked\n' >/tmp/spack/bin/spack
case "$3" in
  *.tar.gz) tar --create --gzip --file "$2" --directory /tmp spack ;;
  *) cp /tmp/spack/bin/spack "$2" ;;
esac`,
  'usr/local/bin/apt-get': '',
};

let overlay: string;
let rig: Rig;
beforeAll(async () => {
  overlay = overlayOf(PROGRAMS);
  rig = await openRig({ baseOverlays: [overlay] });
});
afterAll(async () => {
  await rig.close();
  rmSync(overlay, { recursive: true });
});

test('a Spack and a Miniforge whose bytes are not the pinned ones fail their layer, and nothing of them runs', async () => {
  const run = await rig
    .project({
      'templates/spack.yaml': 'base: al2023\nsoftware: {spack_packages: [zlib]}\n',
      'templates/conda.yaml': 'base: al2023\nsoftware: {conda_packages: [zlib]}\n',
    })
    .build();
  expect(outcomes(run.report)).toEqual({
    spack: expect.stringContaining('"install Spack packages" exited 1'),
    conda: expect.stringContaining('"install conda packages" exited 1'),
  });
  for (const layer of ['spack', 'conda']) {
    expect(outputOf(run, layer)).toContain('sha256sum: WARNING: 1 computed checksum did NOT match');
    expect(outputOf(run, layer)).not.toContain('attacked');
  }
});
