import type { PackageChange } from '../images/manifest.js';
import { plural } from './durations.js';

/** What differs between two images, one package a line, and how much it is. */
export function renderManifestDiff(changes: readonly PackageChange[]): readonly string[] {
  const added = changes.filter(({ before }) => before.length === 0);
  const removed = changes.filter(({ after }) => after.length === 0);
  const changed = changes.length - added.length - removed.length;
  if (changes.length === 0) return ['Both have the same packages.'];
  const counts = `${added.length} added, ${removed.length} removed, ${changed} changed`;
  return [...changes.map(renderPackage), '', `${plural(changes.length, 'package')}: ${counts}`];
}

function renderPackage({ type, name, before, after }: PackageChange): string {
  const [old, now] = [before.join(', '), after.join(', ')];
  if (old === '') return `+ ${type} ${name} ${now}`;
  if (now === '') return `- ${type} ${name} ${old}`;
  return `~ ${type} ${name} ${old} → ${now}`;
}
