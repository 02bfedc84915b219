import { describe, expect, it } from '@jest/globals';
import { normalizeNames } from '../values/names.js';
import { policyOf, policyStream, registrationKey } from './policy-stream.js';
import {
  type RegistrationRetraction,
  parseRegistration,
  readRegistration,
  retractionOfRegistration,
} from './registration.js';

const registration = { slug: 'toll', title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB' };

const rejected = (more: object, ...rejections: readonly string[]): void => {
  const parsed = parseRegistration({ ...registration, ...more });
  expect(parsed.ok ? [] : parsed.rejections.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(rejections);
};

describe('a registration', () => {
  it('has a slug, a title, a kind and a jurisdiction, and perhaps aliases', () => {
    rejected({});
    rejected({ aliases: ['old-toll', 'lorry-toll'] });
    for (const field of ['slug', 'title', 'kind', 'jurisdiction'])
      rejected({ [field]: undefined }, `missing-field /${field}`);
  });

  it.each<[object, string]>([
    [{ slug: 'Harbour Toll' }, 'invalid-value /slug'],
    [{ slug: 'a'.repeat(121) }, 'over-limit /slug'],
    [{ slug: 'constructor' }, 'unsafe-name /slug'],
    [{ title: '' }, 'invalid-value /title'],
    [{ title: 'x'.repeat(201) }, 'over-limit /title'],
    [{ title: 'Toll\u200b' }, 'malformed-text /title'],
    [{ kind: 'tax' }, 'invalid-value /kind'],
    [{ jurisdiction: 'Britain' }, 'invalid-value /jurisdiction'],
    [{ aliases: ['Old toll'] }, 'invalid-value /aliases/0'],
    [{ aliases: new Array(201).fill('toll') }, 'over-limit /aliases'],
    [{ owner: 'Port Board' }, 'unknown-field /owner'],
  ])('is refused with %j', (more, rejection) => rejected(more, rejection));

  it('has its title in the one form of names', () => {
    const parsed = parseRegistration({ ...registration, title: '  Tu\u0308rkiye   talks ' });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    const read = readRegistration(parsed.value);
    expect(read.title).toBe('T\u00fcrkiye talks');
    expect(normalizeNames({ ...read })).toEqual(read);
  });
});

describe('where a policy is kept', () => {
  it('is a stream named by its slug, and back', () => {
    expect(policyStream('harbour-toll')).toBe('policy-harbour-toll');
    expect(policyOf(policyStream('policy-toll'))).toBe('policy-toll');
  });

  it('is under a key that no recorder can choose', () => expect(registrationKey('toll')).toBe('registered:toll'));
});

describe('a registration is withdrawn', () => {
  const retraction = (key: string, target: string): RegistrationRetraction => ({ key, target });
  const first = retraction('a', 'registered:toll');

  it('by the retraction that is in force', () => {
    expect(retractionOfRegistration('toll', [])).toBeUndefined();
    expect(retractionOfRegistration('toll', [first])).toBe('a');
  });

  it('no longer once that is retracted, and again once that is', () => {
    const undone = [first, retraction('b', 'a')];
    expect(retractionOfRegistration('toll', undone)).toBeUndefined();
    expect(retractionOfRegistration('toll', [...undone, retraction('c', 'b')])).toBe('a');
  });

  it('as long as one of several retractions is in force', () => {
    const both = [first, retraction('b', 'registered:toll')];
    expect(['a', 'b']).toContain(retractionOfRegistration('toll', both));
    expect(retractionOfRegistration('toll', [...both, retraction('c', 'a')])).toBe('b');
    expect(retractionOfRegistration('toll', [...both, retraction('c', 'b')])).toBe('a');
    expect(retractionOfRegistration('toll', [...both, retraction('c', 'a'), retraction('d', 'b')])).toBeUndefined();
  });

  it('by no retraction of another', () => expect(retractionOfRegistration('ferry', [first])).toBeUndefined());
});
