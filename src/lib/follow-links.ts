/** The symbolic links of a repository by their paths, each with what it says. No path leads through another link. */
export type Links = ReadonlyMap<string, string>;

/** Where a path leads. */
export interface Way {
  /** The links it goes through, as they lie in the repository. */
  readonly through: readonly string[];
  /** Where it ends, whether or not something is there; undefined: outside, or nowhere. */
  readonly end: string | undefined;
}

/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Follows a path as the file system would, name by name: `..` behind a link is the folder above its target. */
export function followLinks(path: string, links: Links): Way {
  const through: string[] = [];
  const at: string[] = [];
  const rest = path.split('/').reverse();
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return { through, end: undefined };
      continue;
    }
    at.push(part);
    const here = at.join('/');
    const target = links.get(here);
    if (target === undefined) continue;
    through.push(here);
    if (target.startsWith('/') || through.length > MOST_LINKS) return { through, end: undefined };
    at.pop();
    rest.push(...target.split('/').reverse());
  }
  return { through, end: at.join('/') };
}
