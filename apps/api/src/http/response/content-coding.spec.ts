import { describe, expect, it } from '@jest/globals';
import { readAcceptedCodings } from './content-coding.js';

describe('the coding of an answer', () => {
  it.each<[header: string | undefined, coding: string | undefined, plain: boolean]>([
    [undefined, undefined, true],
    ['', undefined, true],
    ['gzip', 'gzip', true],
    ['br, gzip', 'gzip', true],
    ['GZip;Q=0.5, deflate', 'deflate', true],
    ['x-gzip', 'gzip', true],
    ['*', 'gzip', true],
    ['gzip;q=0', undefined, true],
    ['gzip;q=0, *', 'deflate', true],
    ['gzip;q=0.001', 'gzip', true],
    ['gzip;q=0.001, identity', undefined, true],
    ['gzip;q=1.0, identity; q=0.5', 'gzip', true],
    ['gzip;q=high', undefined, true],
    ['gzip, identity;q=0', 'gzip', false],
    ['gzip, *;q=0', 'gzip', false],
    ['identity;q=0', undefined, true],
    ['br', undefined, true],
  ])('for %s', (header, coding, plain) => {
    expect(readAcceptedCodings(header)).toEqual({ coding, plain });
  });
});
