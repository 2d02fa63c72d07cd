/**
 * Whether a path leads into what git keeps for itself: settings with the token of a job, hooks, the objects of other
 * branches. No file of a repository has such a part in its path (git refuses to track it), in no spelling.
 */
export function isGitsOwn(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part.toLowerCase() === '.git');
}
