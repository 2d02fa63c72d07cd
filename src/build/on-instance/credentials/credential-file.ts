/** A file that programs keep a credential in. */
export interface CredentialFile {
  /** Below every home or, with a leading `/`, on the machine; a pattern of bash with its extended ones. */
  readonly path: string;
  /** What it is, for whoever finds it in the log. */
  readonly what: string;
  /** An extended regular expression for a credential in it; without one, the file is refused unless it is empty. */
  readonly holds?: string | undefined;
  /** Who says that credentials are kept there. */
  readonly source: string;
}

/** A path, what it is, and for a file that may be harmless how a credential in it looks. */
type Row = readonly [path: string, what: string, holds?: string];

/** The files that one source tells of. */
export function from(source: string, ...rows: readonly Row[]): readonly CredentialFile[] {
  return rows.map(([path, what, holds]) => ({ path, what, holds, source }));
}

/** `https://user:word@host` and `https://token@host`, but not `https://$USER@host`. */
export const IN_URL = '://[^/@$[:space:]]+@';

/** A login in a configuration of git; a name alone is none, as in `ssh://git@host` and `https://me@host`. */
export const GIT =
  'https?://([^/@$:[:space:]]*:[^/@$[:space:]]+|[A-Za-z0-9_-]{20,})@|[Ee]xtra[Hh]eader *=.*(AUTHORIZATION|[Aa]uthorization|PRIVATE-TOKEN)';

/** The first character of a value; one that comes from the environment (`$TOKEN`, `{{ env_var() }}`) is none. */
export const VALUE = `["']?[^]"'$<{},#[:space:]]`;

/** A key of an INI, properties or TOML file with a value, not commented out. */
export function setting(names: string): string {
  return `^([^#;]*[[:space:].,{])?["']?(${names})["']? *= *${VALUE}`;
}

/** A key of a YAML file with a value, not commented out. */
export function entry(names: string): string {
  return `^([^#]*[[:space:]{,-])?["']?(${names})["']? *: *${VALUE}`;
}

/** A key of a JSON file with a text that is not empty. */
export function member(names: string): string {
  return `"(${names})" *: *"[^"]`;
}
