import type { Span } from '../diagnostics/diagnostic.js';
import type { Layer } from '../template/layer.js';
import { filesScript } from './settings/files.js';
import { secretsScript } from './settings/secrets.js';
import { usersScript } from './settings/users.js';
import type { SoftwareStep } from './software-steps.js';

export interface SettingsStep extends SoftwareStep {
  readonly span: Span;
}

/** What comes before the software: secrets, because anything may need them, then users, because files may be theirs. */
export function settingsSteps({ secrets, users, files, spans }: Layer): readonly SettingsStep[] {
  return [
    ...(secrets.length === 0 ? [] : [{ name: 'read secrets', script: secretsScript(secrets), span: spans.secrets }]),
    ...(users.length === 0 ? [] : [{ name: 'make users', script: usersScript(users), span: spans.users }]),
    ...(files.length === 0 ? [] : [{ name: 'place files', script: filesScript(files), span: spans.files }]),
  ];
}

/** The template's own clean-up, after everything else. */
export function sealSteps({ seal: { script } }: Layer): readonly SettingsStep[] {
  return script === undefined ? [] : [{ name: `seal with ${script.path}`, script: script.script, span: script.span }];
}
