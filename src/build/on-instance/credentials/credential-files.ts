import { CLOUD_FILES } from './cloud-files.js';
import { CONTAINER_FILES } from './container-files.js';
import type { CredentialFile } from './credential-file.js';
import { MACHINE_FILES } from './machine-files.js';
import { PACKAGE_FILES } from './package-files.js';
import { TOOL_FILES } from './tool-files.js';

/** Every file that an image is refused for, unless `seal.allow` names it. */
export const CREDENTIAL_FILES: readonly CredentialFile[] = [
  ...CLOUD_FILES,
  ...CONTAINER_FILES,
  ...PACKAGE_FILES,
  ...TOOL_FILES,
  ...MACHINE_FILES,
];
