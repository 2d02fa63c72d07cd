import { followLinks, type Links } from '../lib/follow-links.js';
import type { Glob } from '../lib/glob.js';

/** A folder or file that a pattern finds under one name and that lies in the repository under another. */
export interface LinkedPlace {
  /** As the pattern has it. */
  readonly name: string;
  /** Where it is; undefined: outside, or nowhere. */
  readonly real: string | undefined;
  /** The links that lead there. */
  readonly through: readonly string[];
  /** The place it was found in. */
  readonly above: LinkedPlace | undefined;
}

/** More than any pattern that somebody needs; links to folders with links multiply. */
const MOST_PLACES = 10_000;

/** All places that a pattern's files may be in, its own folder first; undefined: too many to say. */
export function linkedPlaces(glob: Glob, links: Links): readonly LinkedPlace[] | undefined {
  const { through, end } = followLinks(glob.folder, links);
  const places: LinkedPlace[] = [{ name: glob.folder, real: end, through, above: undefined }];
  for (const place of places) {
    for (const link of links.keys()) {
      const name = nameIn(place, link);
      if (name === undefined || !(glob.matches(name) || glob.mayMatchBelow(name))) continue;
      const way = followLinks(link, links);
      if (isWayBack(way.end, link, place)) continue;
      places.push({ name, real: way.end, through: way.through, above: place });
      if (places.length > MOST_PLACES) return undefined;
    }
  }
  return places;
}

/** What a path of the repository is called in a place; undefined: it is not there. */
export function nameIn({ name, real }: LinkedPlace, path: string): string | undefined {
  if (real === undefined) return undefined;
  if (path === real) return name;
  const start = real === '' ? '' : `${real}/`;
  if (!path.startsWith(start)) return undefined;
  return [...(name === '' ? [] : [name]), path.slice(start.length)].join('/');
}

/** Links in a circle are followed once. */
function isWayBack(end: string | undefined, link: string, place: LinkedPlace): boolean {
  if (end === undefined) return false;
  if ((end === '' || link.startsWith(`${end}/`)) && nameIn(place, end) !== undefined) return true;
  for (let at: LinkedPlace | undefined = place; at !== undefined; at = at.above) if (at.real === end) return true;
  return false;
}
