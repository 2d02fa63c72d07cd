import { describe, expect, test } from '@jest/globals';
import { Cancelled, createPoller, type Poller, type Watched } from '../../src/lib/batch-poll.js';
import type { Clock } from '../../src/lib/clock.js';

/** A clock whose sleeps take no time and move its hand. */
function fastClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

class Throttled extends Error {}

interface Rig {
  readonly clock: Clock;
  readonly poller: Poller;
  readonly things: Watched<string, number>;
  /** The keys of every fetch, in order. */
  readonly fetches: readonly (readonly string[])[];
  readonly cancel: () => void;
}

/** Things that count how often anybody has looked. */
function rig(fails: (tick: number) => Error | undefined = () => undefined): Rig {
  const cancel = new AbortController();
  const clock = fastClock();
  const poller = createPoller({
    clock,
    intervalMs: 1000,
    signal: cancel.signal,
    isTransient: (error) => error instanceof Throttled,
  });
  const fetches: (readonly string[])[] = [];
  const things = poller.watch((keys: readonly string[]) => {
    fetches.push(keys);
    const error = fails(fetches.length);
    return error === undefined
      ? Promise.resolve(new Map(keys.map((key) => [key, fetches.length])))
      : Promise.reject(error);
  });
  return {
    clock,
    poller,
    things,
    fetches,
    cancel: () => {
      cancel.abort();
    },
  };
}

const whenSeen = (times: number, timeoutMs = 60_000) => ({
  until: (view: number | undefined) => (view !== undefined && view >= times ? view : undefined),
  timeoutMs,
  onTimeout: (view: number | undefined) => new Error(`timed out at ${view ?? 'nothing'}`),
});

describe('the poller', () => {
  test('asks once per tick for everything that is awaited', async () => {
    const { things, fetches } = rig();
    const results = await Promise.all([
      things.wait('a', whenSeen(3)),
      things.wait('b', whenSeen(1)),
      things.wait('a', whenSeen(2)),
    ]);
    expect(results).toEqual([3, 1, 2]);
    expect(fetches).toEqual([['a', 'b'], ['a'], ['a']]);
  });

  test('sleeps when nothing is awaited, and wakes again', async () => {
    const { things, fetches } = rig();
    await things.wait('a', whenSeen(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(fetches).toHaveLength(1);
    await things.wait('b', whenSeen(2));
    expect(fetches).toEqual([['a'], ['b']]);
  });

  test('ends a wait when its time is up, with the newest view', async () => {
    const { things } = rig();
    await expect(things.wait('a', whenSeen(100, 3000))).rejects.toThrow('timed out at 4');
  });

  test('goes on after transient errors', async () => {
    const { things, fetches } = rig((tick) => (tick < 3 ? new Throttled() : undefined));
    expect(await things.wait('a', whenSeen(1))).toBe(3);
    expect(fetches).toHaveLength(3);
  });

  test('ends every wait at an error that is not transient, or never stops', async () => {
    const denied = rig(() => new Error('denied'));
    await expect(denied.things.wait('a', whenSeen(1))).rejects.toThrow('denied');
    expect(denied.fetches).toHaveLength(1);
    const throttled = rig(() => new Throttled('throttled'));
    await expect(throttled.things.wait('a', whenSeen(1))).rejects.toThrow('throttled');
    expect(throttled.fetches).toHaveLength(20);
  });

  test('a wait that throws does not disturb the others', async () => {
    const { things } = rig();
    const broken = things.wait('a', {
      ...whenSeen(1),
      until: () => {
        throw new Error('gone');
      },
    });
    const other = things.wait('b', whenSeen(2));
    await expect(broken).rejects.toThrow('gone');
    expect(await other).toBe(2);
  });

  test('rejects all waits when the run is cancelled', async () => {
    const { things, cancel } = rig();
    const waits = [things.wait('a', whenSeen(100)), things.wait('b', whenSeen(100))];
    cancel();
    for (const wait of waits) await expect(wait).rejects.toThrow(Cancelled);
  });

  test('an abandoned wait is not asked for any more', async () => {
    const { things, fetches } = rig();
    const abandon = new AbortController();
    const given = things.wait('a', { ...whenSeen(100), abandon: abandon.signal });
    const kept = things.wait('b', whenSeen(3));
    abandon.abort();
    await expect(given).rejects.toThrow(Cancelled);
    await kept;
    expect(fetches.slice(1)).toEqual([['b'], ['b']]);
  });

  test('a wait that was given up before it began is not asked for', async () => {
    const { things, fetches } = rig();
    const given = things.wait('a', { ...whenSeen(100), abandon: AbortSignal.abort() });
    await expect(given).rejects.toThrow(Cancelled);
    await things.wait('b', whenSeen(1));
    expect(fetches).toEqual([['b']]);
  });

  test('sends four requests to a service in a tick at most; no kind is left out twice in a row', async () => {
    const { clock, poller } = rig();
    const ticks = new Map<number, string[]>();
    const kinds = ['one', 'two', 'three', 'four'].map((kind, at) =>
      poller.watch(
        (keys: readonly string[]) => {
          ticks.set(clock.now(), [...(ticks.get(clock.now()) ?? []), kind]);
          return Promise.resolve(new Map(keys.map((key) => [key, ticks.size])));
        },
        { service: 'here', requests: at === 3 ? 2 : 1 },
      ),
    );
    const other = poller.watch((keys: readonly string[]) => Promise.resolve(new Map(keys.map((key) => [key, 1]))), {
      service: 'there',
      requests: 4,
    });
    await Promise.all([...kinds.map((kind) => kind.wait('a', whenSeen(6))), other.wait('a', whenSeen(1))]);
    expect([...ticks.values()].slice(0, 5).map((tick) => tick.toSorted().join(' '))).toEqual([
      'four one two',
      'four one three',
      'four one two',
      'four one three',
      'four one two',
    ]);
  });
});
