/** The variables of a layer and of those below it, the root's first: a value may name what was there before its own. */
export type Environments = readonly Readonly<Record<string, string>>[];

/** `$NAME` and `${NAME}`, each with a backslash where it is meant as it stands. */
export const REFERENCE = /\\?\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g;

/** Where nothing of a layer's own names another variable, its values just replace those below. */
export function onTopOf(below: Environments, own: Readonly<Record<string, string>>): Environments {
  if (Object.keys(own).length === 0) return below;
  const last = below.at(-1);
  const namesAnother = Object.values(own).some((value) => value.search(REFERENCE) !== -1);
  return last === undefined || namesAnother ? [...below, own] : [...below.slice(0, -1), { ...last, ...own }];
}
