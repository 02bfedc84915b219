import { describe, expect, it } from '@jest/globals';
import { originForm, uriReference, withSlug } from './addresses.js';

describe('addresses', () => {
  it.each([
    ['/v1/policies?q=a', '/v1/policies?q=a'],
    ['http://elsewhere.example/v1/policies', '/v1/policies'],
    ['HTTPS://elsewhere.example:8443?q=a', '/?q=a'],
    ['http://elsewhere.example', '/'],
  ])('in origin form: %s', (url, form) => expect(originForm(url)).toBe(form));

  it.each([
    ['/v1/%73tream', '/v1/stream'],
    ['/%76%31/events?%77ithout=event:a&q=%61%20%62', '/v1/events?without=event:a&q=a%20b'],
    ['http://here.example/v1/policies/toll%2Ecsv', '/v1/policies/toll.csv'],
    ['/v1/events/%2D%5F%7e%2f%3F%26%2B%40%5B%c3%a9', '/v1/events/-_~%2f%3F%26%2B%40%5B%c3%a9'],
    ['/v1/%2573tream', '/v1/%2573tream'],
    ['/v1/%%37%33tream?q=%%37&%77ithout=', '/v1/%%37%33tream?q=%%37&without='],
  ])('written like those equal to them: %s', (url, form) => {
    expect(originForm(url)).toBe(form);
    expect(originForm(form)).toBe(form);
  });

  it('decode what is unreserved, and nothing else', () => {
    for (let code = 0; code < 256; code += 1) {
      const encoded = `%${code.toString(16).padStart(2, '0')}`;
      const character = String.fromCharCode(code);
      expect(originForm(encoded)).toBe(/[\w.~-]/.test(character) ? character : encoded);
    }
  });

  it.each([
    ['/v1/policies/beacon/timeline?limit=3', '/v1/policies/light-tower/timeline?limit=3'],
    ['/v1/policies/beacon.json', '/v1/policies/light-tower.json'],
    ['http://elsewhere.example/v1/policies/beacon', '/v1/policies/light-tower'],
  ])('with the slug for the alias: %s', (url, address) => expect(withSlug(url, 'light-tower')).toBe(address));

  it.each([
    ['/v1/events/a%20b?q=%2B', '/v1/events/a%20b?q=%2B'],
    ['/v1/<script>"\\^`{|}', '/v1/%3Cscript%3E%22%5C%5E%60%7B%7C%7D'],
    ['/v1/events/%zz%', '/v1/events/%25zz%25'],
    ['/v1/caf\u00c3\u00a9', '/v1/caf%C3%A9'],
    ['//elsewhere.example/v1', '/.//elsewhere.example/v1'],
  ])('as references: %s', (url, reference) => {
    expect(uriReference(url)).toBe(reference);
    expect(new URL(reference, 'http://here.example').host).toBe('here.example');
  });
});
