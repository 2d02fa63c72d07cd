import { writtenForms } from '../lib/written-forms.js';
import { tell } from './logs.js';

/** Keeps a text out of the log of the job, also in the forms that the runner does not know by itself. */
export function maskSecret(secret: string): void {
  for (const form of writtenForms(secret)) tell('add-mask', form);
}
