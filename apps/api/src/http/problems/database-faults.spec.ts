import { describe, expect, it } from '@jest/globals';
import { databaseProblem } from './database-faults.js';

const thrown = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

describe('a fault of the database', () => {
  it.each([
    ['a full disk', thrown('could not extend file', { code: '53100', severity: 'ERROR' })],
    ['a full disk when a connection opens', thrown('could not write init file', { code: 'XX000', severity: 'FATAL' })],
    ['too many connections', thrown('sorry, too many clients already', { code: '53300', severity: 'FATAL' })],
    ['a file that cannot be read', thrown('could not read block', { code: '58030', severity: 'ERROR' })],
    ['a wait for a lock', thrown('canceling statement due to lock timeout', { code: '55P03', severity: 'ERROR' })],
    ['a server that stops', thrown('terminating connection', { code: '57P01', severity: 'FATAL' })],
    ['nobody there', thrown('connect ECONNREFUSED', { code: 'ECONNREFUSED' })],
    ['a name that is not resolved', thrown('getaddrinfo EAI_AGAIN', { code: 'EAI_AGAIN' })],
    ['a connection that ends', thrown('Connection terminated unexpectedly')],
    ['no connection free', thrown('timeout exceeded when trying to connect')],
  ])('passes: %s', (_name, error) => {
    expect(databaseProblem(error)).toBe('unavailable');
  });

  it('may be a statement that takes too long', () => {
    const error = thrown('canceling statement due to statement timeout', { code: '57014', severity: 'ERROR' });
    expect(databaseProblem(error)).toBe('took-too-long');
  });

  it.each([
    ['a mistake in a statement', thrown('syntax error', { code: '42601', severity: 'ERROR' })],
    ['a value that does not fit', thrown('out of range', { code: '22003', severity: 'ERROR' })],
    ['a mistake of ours', new TypeError('undefined is not a function')],
    ['no error at all', 'thrown'],
  ])('is not %s', (_name, error) => {
    expect(databaseProblem(error)).toBeUndefined();
  });
});
