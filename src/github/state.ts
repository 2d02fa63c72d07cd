import { getState, saveState } from '@actions/core';
import { z } from 'zod';

/** What main leaves for post. Never a credential: the runner keeps state in clear text. */
export interface RunState {
  /** Finds what the run made. Saved before the first launch, so that a killed run is covered as well. */
  readonly runToken: string;
  /** Whose resources it made. */
  readonly scope: string;
  readonly regions: readonly string[];
  readonly ended: Ended;
}

/** How main ended: with nothing to clean up, with something, or not by itself. */
export type Ended = z.infer<typeof ENDED>;

const ENDED = z.enum(['clean', 'with-leftovers', 'killed']);

const REGIONS = z.array(z.string());

/** Marks that main has started, and what post needs if main never gets further. May be called again with news. */
export function saveRunState({ runToken, scope, regions, ended }: RunState): void {
  saveState('isPost', 'true');
  saveState('runToken', runToken);
  saveState('scope', scope);
  saveState('regions', JSON.stringify(regions));
  saveState('ended', ended);
}

/** What main saved; undefined in main itself. */
export function readRunState(): RunState | undefined {
  if (getState('isPost') !== 'true') return undefined;
  return {
    runToken: getState('runToken'),
    scope: getState('scope'),
    regions: readRegions(getState('regions')),
    ended: ENDED.parse(getState('ended')),
  };
}

function readRegions(text: string): readonly string[] {
  return text === '' ? [] : REGIONS.parse(JSON.parse(text));
}
