import type { Links } from '../lib/follow-links.js';

/**
 * The repository's files as the product sees them. Paths are relative to the repository root, with forward slashes
 * and without `.` or `..`; nothing outside the root can be named.
 */
export interface Workspace {
  /** The bytes of a file, or undefined when there is no such file. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** Whether the file's owner may execute it; false when there is no such file. */
  readonly isExecutable: (path: string) => boolean;
  /**
   * Files that match any of the glob patterns, sorted by code unit. `.git` and `node_modules` are never searched.
   *
   * @throws TooMuchToMatch for a pattern that takes longer than any that somebody needs.
   */
  readonly glob: (patterns: readonly string[]) => readonly string[];
  /** All symbolic links, by paths that lead through no other link, and what each says. */
  readonly links: () => Links;
  /** Whether a file that is kept in Git LFS is here as such, or as the pointer that stands for it. Default: as such. */
  readonly largeFiles?: 'files' | 'pointers' | undefined;
  /** What a URL holds, for the templates that are pinned elsewhere. Rejects with the reason in a few words. */
  readonly fetch: (url: string) => Promise<Uint8Array>;
}
