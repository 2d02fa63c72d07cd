import { describe, expect, test } from '@jest/globals';
import { makeStepLog, maskSecrets } from '../../sandbox/github/step-log.js';

function logOf(...lines: string[]) {
  const log = makeStepLog(new Set());
  for (const line of lines) log.take(line);
  return log;
}

const nowhere = {
  title: undefined,
  file: undefined,
  line: undefined,
  endLine: undefined,
  column: undefined,
  endColumn: undefined,
};

describe('the log of a step', () => {
  test('shows plain lines, groups and problems; not debug output', () => {
    const log = logOf('plain', '::group::Plan', 'inside', '::endgroup::', '::debug::hidden', '::warning::careful');
    expect(log.lines).toEqual(['plain', '##[group]Plan', 'inside', '##[endgroup]', '##[warning]careful']);
  });

  test('turns error, warning and notice into annotations', () => {
    const log = logOf(
      '::error file=a.yaml,line=3,endLine=4,col=5,endColumn=9,title=Unknown key::text',
      '::notice::for you',
    );
    expect(log.annotations).toEqual([
      {
        level: 'error',
        message: 'text',
        title: 'Unknown key',
        file: 'a.yaml',
        line: 3,
        endLine: 4,
        column: 5,
        endColumn: 9,
      },
      { ...nowhere, level: 'notice', message: 'for you' },
    ]);
    expect(log.failed).toBe(false);
  });

  test('keeps ten annotations of a level', () => {
    const log = logOf(...Array.from({ length: 12 }, (_, index) => `::error::${index}`), '::warning::one');
    expect(log.annotations.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => String(index)),
      'one',
    ]);
    expect(log.lines).toHaveLength(13);
  });

  test('hides masked values from then on, the lines of a long one too', () => {
    const log = logOf(
      's3cret',
      '::add-mask::s3cret',
      'the s3cret is out',
      '::error::s3cret!',
      '::add-mask::one%0Atwo',
      'two',
    );
    expect(log.lines).toEqual(['s3cret', 'the *** is out', '##[error]***!', '***']);
    expect(log.annotations).toEqual([{ ...nowhere, level: 'error', message: '***!' }]);
  });

  test('obeys nothing between stop-commands and its token', () => {
    const log = logOf(
      '::stop-commands::abc',
      '::error::not one',
      '::stop-commands::other',
      '##[set-output name=a]1',
      '::ABC::',
      '::error::one',
    );
    expect(log.annotations).toEqual([{ ...nowhere, level: 'error', message: 'one' }]);
    expect(Object.fromEntries(log.outputs)).toEqual({});
    expect(log.lines).toHaveLength(6);
  });

  test('obeys the old commands that runners still obey, wherever they stand', () => {
    const log = logOf('[app] ##[set-output name=amis]{}', '::save-state name=token::abc');
    expect(Object.fromEntries(log.outputs)).toEqual({ amis: '{}' });
    expect(Object.fromEntries(log.state)).toEqual({ token: 'abc' });
  });

  test('fails the step for the old commands that are disabled', () => {
    const log = logOf('::set-env name=PATH::/tmp');
    expect(log.failed).toBe(true);
    expect(log.lines).toEqual([
      "##[error]Unable to process command '::set-env name=PATH::/tmp' successfully. The `set-env` command is disabled.",
    ]);
  });
});

test('a secret inside a longer secret does not give the longer one away', () => {
  expect(maskSecrets('abcdef and abc', new Set(['abc', 'abcdef']))).toBe('*** and ***');
});
