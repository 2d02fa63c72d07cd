import type { NewFile } from './init.js';

const TEMPLATE = `# The first layer. A template that says \`extends: base.yaml\` starts from its image, and builds only what it adds.
name: base
version: 0.1.0
description: What all our images have

base: al2023 # the vendor image it stands on

software:
  packages: [git]

provision:
  - name: write the message of the day
    run: |
      echo 'This machine was made from the layer base.' >/etc/motd

# What must hold on a fresh instance of the image. Until it does, nothing else is built on it.
validate:
  script: tests/base.sh
  checks:
    - name: git is there
      run: git --version
      contains: git version
`;

const CHECK = `#!/bin/bash
# Runs as root on a fresh instance of the image; any other exit code than 0 rejects it.
set -euo pipefail

grep -q 'the layer base' /etc/motd
git init --quiet "$(mktemp -d)"
echo 'base: all is as it should be'
`;

const WORKFLOW = `# Plans and builds what a pull request changes; on main, moves \`latest\` to the validated images.
name: images

on:
  pull_request:
    paths: ['templates/**']
  push:
    branches: [main]
    paths: ['templates/**']
  workflow_dispatch:

permissions: {}

concurrency:
  group: ami-layers-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  images:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    permissions:
      contents: read
      id-token: write # signs in to AWS without a stored secret
      pull-requests: write # the comment
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 2 # the merge commit and what it merges into
          persist-credentials: false
      - uses: org/ami-layers@0000000000000000000000000000000000000000 # v1.0.0: your copy of the action, at the commit of a release
        with:
          aws-region: us-west-2
          role-to-assume: \${{ vars.AMI_LAYERS_ROLE }}
          instance-profile: \${{ vars.AMI_LAYERS_INSTANCE_PROFILE }}
`;

/** What `ami-layers init` writes: a layer that plans and builds as it is, its test, and a workflow. */
export const FIRST_FILES: readonly NewFile[] = [
  { path: 'templates/base.yaml', text: TEMPLATE, isProgram: false },
  { path: 'templates/tests/base.sh', text: CHECK, isProgram: true },
  { path: '.github/workflows/ami-layers.yml', text: WORKFLOW, isProgram: false },
];
