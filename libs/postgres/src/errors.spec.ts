import { describe, expect, it } from '@jest/globals';
import {
  type DatabaseFault,
  faultOf,
  isConnectionFault,
  isLostConnection,
  isSelfInflicted,
  isTransient,
} from './errors.js';

const reported = (code: string, severity = 'ERROR'): Error => Object.assign(new Error('reported'), { code, severity });
const said = (message: string): Error => new Error(message);

const KINDS: readonly (readonly [name: string, error: unknown, fault: DatabaseFault | undefined])[] = [
  ['a broken connection', reported('08006'), 'lost-connection'],
  ['a server that stops', reported('57P01', 'FATAL'), 'lost-connection'],
  ['a transaction that idled too long', reported('25P03', 'FATAL'), 'lost-connection'],
  ['a transaction that lasted too long', reported('25P04', 'FATAL'), 'lost-connection'],
  ['nobody there', reported('ECONNREFUSED'), 'lost-connection'],
  ['a socket that is not there', Object.assign(reported('ENOENT'), { syscall: 'connect' }), 'lost-connection'],
  ['a network that is away', reported('ENETUNREACH'), 'lost-connection'],
  ['a name that is not resolved just now', reported('EAI_AGAIN'), 'lost-connection'],
  ['a full disk when a connection opens', reported('XX000', 'FATAL'), 'lost-connection'],
  ['a connection that ends', said('Connection terminated unexpectedly'), 'lost-connection'],
  ['a client that was closed', said('Client was closed and is not queryable'), 'lost-connection'],
  ['too many clients', reported('53300', 'FATAL'), 'too-many-connections'],
  ['no connection free', said('timeout exceeded when trying to connect'), 'connect-timeout'],
  ['a server that does not answer', said('Connection terminated due to connection timeout'), 'connect-timeout'],
  ['a wrong password', reported('28P01', 'FATAL'), 'cannot-connect'],
  ['a database that does not exist', reported('3D000', 'FATAL'), 'cannot-connect'],
  ['a host that does not exist', reported('ENOTFOUND'), 'cannot-connect'],
  ['a statement that takes too long', reported('57014'), 'cancelled'],
  ['a wait for a lock', reported('55P03'), 'lock-timeout'],
  ['a failed serialization', reported('40001'), 'conflict'],
  ['a deadlock', reported('40P01'), 'conflict'],
  ['a full disk', reported('53100'), 'disk-full'],
  ['no memory', reported('53200'), 'out-of-memory'],
  ['too many of something else', reported('53400'), 'out-of-resources'],
  ['a standby', reported('25006'), 'read-only'],
  ['a file that cannot be read', reported('58030'), 'system'],
  ['a duplicate', reported('23505'), 'integrity'],
  ['a file of ours that is not there', Object.assign(reported('ENOENT'), { syscall: 'open' }), undefined],
  ['a mistake in a statement', reported('42601'), undefined],
  ['a value that does not fit', reported('22003'), undefined],
  ['an error of an other kind', said('The batch says: Connection terminated'), undefined],
  ['no error at all', 'thrown', undefined],
];

describe('the fault that an error reports', () => {
  it.each(KINDS)('%s', (_name, error, fault) => {
    expect(faultOf(error)).toBe(fault);
  });

  const kindsOf = (holds: (error: unknown) => boolean): readonly unknown[] => [
    ...new Set(KINDS.filter(([, error]) => holds(error)).map(([, , fault]) => fault)),
  ];

  it('passes unless the statement or the login would meet it again', () => {
    const lasting = kindsOf((error) => !isTransient(error));
    expect(lasting).toEqual(['cannot-connect', 'integrity', undefined]);
  });

  it('passes where the error says so of itself', () => {
    expect(isTransient(Object.assign(new Error('Try again.'), { isTransient: true }))).toBe(true);
  });

  it('may be caused by the statement itself', () => {
    expect(kindsOf(isSelfInflicted)).toEqual(['cancelled', 'out-of-memory']);
  });

  it('leaves the fate of the statement open when it is one of the connection', () => {
    expect(kindsOf(isConnectionFault)).toEqual(['lost-connection', 'too-many-connections', 'connect-timeout']);
    expect(kindsOf(isLostConnection)).toEqual(['lost-connection', 'too-many-connections']);
  });
});
