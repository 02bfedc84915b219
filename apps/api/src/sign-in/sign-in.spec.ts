import { describe, expect, it } from '@jest/globals';
import { COOKIES, readCookie } from './cookies.js';
import { csrfTokenOf, isCsrfToken } from './csrf.js';
import { returnPath } from './return-path.js';

describe('the address to return to', () => {
  it.each(['/', '/policies', '/policies/x?knownAt=2024-01-01&q=a%20b', '/events?q=%2F%2Fevil.example', '/sign-inside'])(
    'may be %s',
    (address) => {
      expect(returnPath(address)).toBe(address);
    },
  );

  it.each([
    undefined,
    '',
    'policies',
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e%2e//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/über',
    '/x y',
    '/sign-in',
    '/sign-in?to=/x',
    '/sign-out',
    '/x/../sign-in/callback?code=1',
    `/${'x'.repeat(2_000)}`,
  ])('is the first page instead of %j', (address) => {
    expect(returnPath(address)).toBe('/');
  });

  it('has no fragment, which no server sees', () => {
    expect(returnPath('/policies#x')).toBe('/policies');
  });
});

describe('a cookie', () => {
  const read = (cookie: string | undefined) =>
    readCookie({ headers: cookie === undefined ? {} : { cookie } }, COOKIES.session);

  it('is read by its whole name, if it is there once', () => {
    expect(read('a=b; __Host-ptl-session=x=y;c=d')).toBe('x=y');
    for (const cookie of [undefined, '', 'ptl-session=x', 'x__Host-ptl-session=x', '__Host-ptl-sessions=x'])
      expect(read(cookie)).toBeUndefined();
    expect(read('__Host-ptl-session=x; __Host-ptl-session=y')).toBeUndefined();
  });
});

describe('the token of a session', () => {
  it('is another for each session, and does not show its secret', () => {
    const token = csrfTokenOf('secret');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(token).not.toBe(csrfTokenOf('secret2'));
    expect(isCsrfToken(token, token)).toBe(true);
    for (const other of [undefined, null, '', 'secret', `${token} `, token.slice(1), [token], csrfTokenOf('secret2')])
      expect(isCsrfToken(other, token)).toBe(false);
  });
});
