import { afterEach, describe, expect, test } from '@jest/globals';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepsBundle } from '../../../src/build/bundle.js';
import { readPoll, type Poll, type RunnerEvent } from '../../../src/build/on-instance/read-poll.js';
import { nodeOf } from '../../../src/graph/walk.js';
import { linkLayers } from '../../../src/graph/link-layers.js';
import { loadTemplates } from '../../../src/template/load-templates.js';
import { createRepository, type Files } from '../../repository.js';
import { unpack } from './unpacked.js';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const remove of cleanUp.splice(0)) remove();
});

interface Ran {
  readonly events: readonly string[];
  readonly output: string;
}

interface Prepared {
  /** Works through the steps here and now, as the detached runner does. */
  readonly work: () => void;
  readonly poll: (offset?: number, seen?: number) => Poll;
  readonly root: string;
}

/** A builder with a layer's steps delivered, and these files beside its template. */
async function prepare(scripts: readonly string[], files: Files = {}, timeoutSeconds = 60): Promise<Prepared> {
  const repository = createRepository({ 'templates/layer.yaml': 'provision: [{run: "true"}]\n', ...files });
  cleanUp.push(repository.remove);
  if ('templates/tool.sh' in files) chmodSync(join(repository.root, 'templates/tool.sh'), 0o755);
  const { workspace } = repository;
  const { layers } = loadTemplates({ workspace, templates: ['templates'] });
  const node = nodeOf(linkLayers(layers, { brokenTemplates: [] }).graph, 'layer');
  const steps = scripts.map((script) => ({ name: script, script, timeoutSeconds, reboot: false, span: undefined }));
  const bundle = await stepsBundle(
    { node, architecture: 'x86_64', templateHash: 'abc', steps, expiresAt: 0 },
    workspace,
  );
  const unpacked = unpack(bundle);
  cleanUp.push(unpacked.remove);
  return {
    root: unpacked.root,
    work: () => {
      expect(unpacked.run('runner', 'work')).toMatchObject({ status: 0, output: '' });
    },
    poll: (offset = 0, seen = 0) => {
      const { output } = unpacked.run('runner', 'poll', String(offset), String(seen));
      expect(Buffer.byteLength(output)).toBeLessThan(2478);
      const poll = readPoll(output);
      if (poll === undefined) throw new Error(`not a whole answer: ${output}`);
      return poll;
    },
  };
}

/** `end 1 0`, without sizes and times. */
function describeEvent(event: RunnerEvent): string {
  const number = 'number' in event ? ` ${event.number}` : '';
  return `${event.kind}${number}${'exitCode' in event ? ` ${event.exitCode}` : ''}`;
}

async function runSteps(scripts: readonly string[], files: Files = {}): Promise<Ran> {
  const { work, poll } = await prepare(scripts, files);
  work();
  const { events, log } = poll();
  return { events: events.map(describeEvent), output: Buffer.from(log).toString() };
}

const ended = (exitCode: number, output: string): Ran => ({ events: ['start 1', `end 1 ${exitCode}`], output });

describe('exit codes', () => {
  test.each([
    ['success', 'true', 0],
    ['the script says so', 'exit 3', 3],
    ['the code that asks the agent for a reboot', 'exit 194', 194],
    ['the code that the agent takes for a time-out', 'exit 137', 137],
    ['a script that kills itself', 'kill -9 $$', 137],
    ['a failing command in the middle', 'false\ntrue', 1],
    ['a failing command in a pipe', 'false | cat\ntrue', 1],
    ['a variable that is not set', 'echo "$NO_SUCH_VARIABLE"', 1],
    ['a command that does not exist', 'no-such-command', 127],
  ])('%s', async (_, script, exitCode) => {
    expect((await runSteps([script])).events).toEqual(['start 1', `end 1 ${exitCode}`]);
  });

  test('a step that takes too long is ended with the code of timeout(1)', async () => {
    const { work, poll } = await prepare(['sleep 30'], {}, 1);
    work();
    expect(poll().events.map(describeEvent)).toEqual(['start 1', 'end 1 124']);
  });
});

describe('the order of things', () => {
  test('steps run one after another, up to the first that fails', async () => {
    expect(await runSteps(['echo one', 'echo two; exit 7', 'echo three'])).toEqual({
      events: ['start 1', 'end 1 0', 'start 2', 'end 2 7'],
      output: 'one\ntwo\n',
    });
  });

  test('starting again does not repeat anything', async () => {
    const { work, poll } = await prepare(['echo one', 'echo two']);
    work();
    work();
    expect(poll().events.map(describeEvent)).toEqual(['start 1', 'end 1 0', 'start 2', 'end 2 0']);
  });

  test('a step that was under way when the instance went down is lost, and is not run again', async () => {
    const { work, poll, root } = await prepare(['echo one', 'echo two']);
    writeFileSync(join(root, 'events'), 'start 1 0 0\nend 1 0 4 0\nstart 2 4 0\n');
    writeFileSync(join(root, 'log'), 'one\n');
    work();
    expect(poll().events.map(describeEvent)).toEqual(['start 1', 'end 1 0', 'start 2', 'lost 2']);
  });

  test('steps that had ended before the instance went down are not run again, the next ones are', async () => {
    const { work, poll, root } = await prepare(['echo one', 'echo two']);
    writeFileSync(join(root, 'events'), 'start 1 0 0\nend 1 0 4 0\n');
    writeFileSync(join(root, 'log'), 'one\n');
    work();
    const { events, log } = poll();
    expect(events.map(describeEvent)).toEqual(['start 1', 'end 1 0', 'start 2', 'end 2 0']);
    expect(Buffer.from(log).toString()).toBe('one\ntwo\n');
  });
});

describe('output', () => {
  test('both streams, in the order in which they were written', async () => {
    expect(await runSteps(['echo one; echo two >&2; echo three'])).toEqual(ended(0, 'one\ntwo\nthree\n'));
  });

  test('without a line end at its end, or without any', async () => {
    expect(await runSteps(['printf partial'])).toEqual(ended(0, 'partial'));
    expect(await runSteps(['true'])).toEqual(ended(0, ''));
  });

  test('comes in pieces that fit into a list of invocations, whole and in order', async () => {
    const { work, poll } = await prepare(['head -c 30000 /dev/urandom | base64', 'seq 1 20000']);
    work();
    const pieces: Buffer[] = [];
    let offset = 0;
    let total = 1;
    while (offset < total) {
      const { log, logBytes } = poll(offset);
      pieces.push(Buffer.from(log));
      offset += log.length;
      total = logBytes;
    }
    const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
    expect(lines.slice(-20000)).toEqual(Array.from({ length: 20000 }, (_, at) => String(at + 1)));
    expect(pieces.length).toBeGreaterThan(10);
  });

  test('an answer is bounded as a whole, however many events it tells of', async () => {
    const { root, work, poll } = await prepare(['head -c 30000 /dev/urandom']);
    work();
    const bootId = '0b2e7c1d-5a0f-4a53-9d3e-7c1f2a4b5c6d';
    const steps = Array.from({ length: 12 }, (_, at) => at + 1);
    const told = steps.flatMap((number) => [
      `start ${number} 1234567890 1764500000000`,
      `end ${number} 0 1234567890 1764500000000`,
      `reboot ${number} 1234567890 1764500000000 ${bootId}`,
    ]);
    writeFileSync(join(root, 'events'), `${told.slice(0, -1).join('\n')}\n`);
    const { events, log } = poll();
    expect(events.map(describeEvent).slice(-2)).toEqual(['start 7', 'end 7 0']);
    expect(log.length).toBeGreaterThan(0);
    expect(poll(log.length, events.length).events.map(describeEvent).at(0)).toBe('reboot 7');
  });

  test('a script cannot pretend its end', async () => {
    expect(await runSteps(['echo "end 1 0 0 0"; exit 4'])).toEqual(ended(4, 'end 1 0 0 0\n'));
  });

  test('an answer that is cut off is not read', () => {
    expect(readPoll('@@ami-layers alive=1 bytes=10\nstart 1 0')).toBeUndefined();
    expect(readPoll('@@ami-layers alive=1 bytes=10\nlog 10 H4sI')).toBeUndefined();
  });

  test('only events that were not seen before are told', async () => {
    const { work, poll } = await prepare(['true', 'true']);
    work();
    expect(poll(0, 3).events.map(describeEvent)).toEqual(['end 2 0']);
    expect(poll(0, 4).events).toEqual([]);
  });
});

describe('surroundings', () => {
  test('a shebang decides the interpreter', async () => {
    expect(await runSteps(['#!/usr/bin/awk -f\nBEGIN { print 6 * 7 }\n'])).toEqual(ended(0, '42\n'));
    const sh = '#!/bin/sh\nfalse\necho "sh goes on, set -u is off: <$NOT_SET>"\n';
    expect(await runSteps([sh])).toEqual(ended(0, 'sh goes on, set -u is off: <>\n'));
  });

  test('home, user and an empty standard input', async () => {
    const { output } = await runSteps(['echo "$HOME $USER $LOGNAME $PATH"; cat']);
    expect(output).toBe('/root root root /usr/local/bin:/usr/bin:/bin\n');
  });

  test('values of the environment are text, whatever is in them', async () => {
    const values = {
      QUOTES: `it's "quoted"`,
      CODE: '$(touch /tmp/no) `id` $ $1 ${X:-y} $$ \\',
      LINES: 'one\ntwo',
      EMPTY: '',
    };
    const { output } = await runSteps(['printf "<%s>" "$QUOTES" "$CODE" "$LINES" "$EMPTY"'], {
      'templates/layer.yaml': `env: ${JSON.stringify(values)}\n`,
    });
    expect(output).toBe(
      Object.values(values)
        .map((value) => `<${value}>`)
        .join(''),
    );
  });

  test('a value names variables that were there before its layer; what is not there stays as it is written', async () => {
    const { output } = await runSteps(['printf "<%s>" "$PATH" "$HOME_OF" "$NOTHING" "$ESCAPED" "$OTHER"'], {
      'templates/layer.yaml': `env: ${JSON.stringify({
        PATH: '/opt/tool/bin:$PATH',
        HOME_OF: "it's ${HOME}s",
        NOTHING: '$NOPE ${NOPE}',
        ESCAPED: '\\$HOME \\${HOME}',
        OTHER: '$HOME_OF',
      })}\n`,
    });
    expect(output).toBe(
      "</opt/tool/bin:/usr/local/bin:/usr/bin:/bin><it's /roots><$NOPE ${NOPE}><$HOME ${HOME}><$HOME_OF>",
    );
  });

  test('steps make files for everybody; the environment and its names reach steps alone', async () => {
    const ran = await runSteps(['umask; stat -c %a tool.sh words.txt; echo "$root $number $script $mark $PATH"'], {
      'templates/layer.yaml': `env: ${JSON.stringify({
        root: '/srv',
        number: 7,
        count: 12,
        script: 'main.py',
        mark: 'x',
        aside: '/srv',
        environment: 'y',
        PATH: '/nowhere',
        LD_PRELOAD: '/nowhere.so',
      })}\nprovision: [{run: "true", inputs: [tool.sh, words.txt]}]\n`,
      'templates/tool.sh': '#!/bin/sh\n',
      'templates/words.txt': 'words\n',
    });
    expect(ran.events).toEqual(['start 1', 'end 1 127']);
    expect(ran.output.replace(/^ERROR: ld.so.*\n/gm, '')).toMatch(/^0022\n.*stat: command not found\n$/);
  });

  test("scripts start in the template's folder and find their inputs there", async () => {
    const ran = await runSteps(['./tool.sh; cat ../shared/words.txt'], {
      'templates/layer.yaml': 'provision: [{run: "true", inputs: [tool.sh, /shared/*.txt]}]\n',
      'templates/tool.sh': '#!/bin/sh\necho tool\n',
      'shared/words.txt': 'words\n',
    });
    expect(ran).toEqual(ended(0, 'tool\nwords\n'));
  });
});
