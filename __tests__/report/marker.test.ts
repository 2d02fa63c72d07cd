import { describe, expect, test } from '@jest/globals';
import { isNewer, parseMarker, renderMarker, type Marker } from '../../src/report/marker.js';

const marker: Marker = { id: 'default', run: 118, attempt: 1, sha: 'a1b2c3d', state: 'done' };

describe('the marker of a comment', () => {
  test('is written in one line and read back', () => {
    expect(renderMarker(marker)).toBe(
      '<!-- ami-layers {"v":1,"id":"default","run":118,"attempt":1,"sha":"a1b2c3d","state":"done"} -->',
    );
    expect(parseMarker(`${renderMarker(marker)}\n### text`)).toEqual(marker);
    expect(parseMarker(`${renderMarker(marker)}\r\n### text`)).toEqual(marker);
  });

  test('cannot be ended early by its id', () => {
    const strange = { ...marker, id: 'a --> <script>' };
    const line = renderMarker(strange);
    expect(line.indexOf('-->')).toBe(line.length - 3);
    expect(parseMarker(line)).toEqual(strange);
  });

  test.each([
    ['stands in the second line', `hello\n${renderMarker(marker)}`],
    ['is quoted', `> ${renderMarker(marker)}`],
    ['has text behind it', `${renderMarker(marker)} more`],
    ['is of another version', renderMarker(marker).replace('"v":1', '"v":2')],
    ['is not JSON', '<!-- ami-layers {"v":1,} -->'],
    ['has a run that is no number', renderMarker(marker).replace('118', '"118"')],
    ['is another tool’s', '<!-- other {"v":1} -->'],
  ])('is not one when it %s', (_, body) => {
    expect(parseMarker(body)).toBeUndefined();
  });

  test.each([
    [{ run: 119 }, true],
    [{ attempt: 2 }, true],
    [{ run: 117, attempt: 9 }, false],
    [{}, false],
  ])('with %j compared with run 118, attempt 1: newer is %s', (changes, newer) => {
    expect(isNewer({ ...marker, ...changes }, marker)).toBe(newer);
  });
});
