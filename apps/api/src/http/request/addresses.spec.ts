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
