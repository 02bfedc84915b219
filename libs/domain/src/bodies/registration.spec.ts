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
    [{ sameAs: 'https://toll.example' }, 'invalid-value /sameAs'],
    [{ sameAs: new Array(201).fill(0).map((_, index) => `https://toll.example/${index}`) }, 'over-limit /sameAs'],
    [{ sameAs: [`https://toll.example/${'x'.repeat(2000)}`] }, 'over-limit /sameAs/0'],
    [{ owner: 'Port Board' }, 'unknown-field /owner'],
  ])('is refused with %j', (more, rejection) => rejected(more, rejection));

  it('may say where else it is described, by addresses of the web', () => {
    const addresses = ['http://www.wikidata.org/entity/Q42', 'https://www.legislation.gov.uk/id/ukpga/2024/8'];
    rejected({ sameAs: [] });
    rejected({ sameAs: addresses });
    const parsed = parseRegistration({ ...registration, sameAs: addresses });
    expect(parsed.ok && readRegistration(parsed.value).sameAs).toEqual(addresses);
    const without = parseRegistration(registration);
    expect(without.ok && 'sameAs' in readRegistration(without.value)).toBe(false);
  });

  it.each<[string, string]>([
    ['javascript:alert(1)', 'invalid-value'],
    ['JavaScript:alert(1)//https://toll.example', 'invalid-value'],
    ['data:text/html,toll', 'invalid-value'],
    ['ftp://toll.example/', 'invalid-value'],
    ['//toll.example/', 'invalid-value'],
    ['toll.example', 'invalid-value'],
    ['Q42', 'invalid-value'],
    ['wikidata:Q42', 'invalid-value'],
    ['', 'invalid-value'],
    [' https://toll.example/', 'invalid-value'],
    ['https://toll.example/a b', 'invalid-value'],
    ['https://toll.example\n/', 'invalid-value'],
    ['https://', 'invalid-value'],
    ['https://www.wikidata.org@toll.example/', 'invalid-value'],
    ['https://toll.example/\u202egpj', 'malformed-text'],
    ['https://toll.example/\u200bQ42', 'malformed-text'],
  ])('does not take %j for such an address', (address, code) => {
    rejected({ sameAs: ['https://first.example/', address] }, `${code} /sameAs/1`);
  });

  it('names no address twice, however it is written', () => {
    rejected(
      { sameAs: ['https://toll.example', 'https://other.example/', 'HTTPS://Toll.Example:443/'] },
      'duplicate-identifier /sameAs/2',
    );
    rejected({ sameAs: ['https://toll.example/a', 'https://toll.example/A', 'http://toll.example/a'] });
  });

  it('is told all that is wrong with its addresses at once', () =>
    rejected(
      { sameAs: ['javascript:alert(1)', 'https://toll.example/', 'https://toll.example/', 'ftp://x.example/'] },
      'invalid-value /sameAs/0',
      'invalid-value /sameAs/3',
      'duplicate-identifier /sameAs/2',
    ));

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
