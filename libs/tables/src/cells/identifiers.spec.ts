import { describe, expect, it } from '@jest/globals';
import { identityOfAddress } from './identifiers.js';

const identity = (address: string): string => {
  const { authority, identifier } = identityOfAddress(address);
  return `${authority} ${identifier ?? '-'}`;
};

describe('an address that stands for a policy', () => {
  it.each([
    ['http://www.wikidata.org/entity/Q98765432', 'wikidata Q98765432'],
    ['https://www.wikidata.org/wiki/Q98765432', 'wikidata Q98765432'],
    ['https://m.wikidata.org/wiki/Q98765432#sitelinks', 'wikidata Q98765432'],
    ['https://www.legislation.gov.uk/id/ukpga/2024/8', 'legislation.gov.uk ukpga/2024/8'],
    ['http://legislation.gov.uk/ukpga/2024/8/contents', 'legislation.gov.uk ukpga/2024/8'],
    ['https://www.legislation.gov.uk/ukpga/Geo6/10-11/7', 'legislation.gov.uk ukpga/Geo6/10-11/7'],
    ['http://data.europa.eu/eli/reg/2016/679/oj', 'eli reg/2016/679/oj'],
    ['https://members.parliament.uk/member/172/contact', 'uk-parliament-members 172'],
    ['https://members-api.parliament.uk/api/Members/172', 'uk-parliament-members 172'],
  ])('%s has the name that its keeper gave: %s', (address, expected) => expect(identity(address)).toBe(expected));

  it.each([
    // A part of an act, or a version of an item, is another thing.
    ['https://www.legislation.gov.uk/ukpga/2024/8/section/1', 'www.legislation.gov.uk -'],
    ['https://www.legislation.gov.uk/ukpga/2024', 'www.legislation.gov.uk -'],
    ['https://www.wikidata.org/wiki/Q98765432?oldid=5', 'www.wikidata.org -'],
    ['https://www.wikidata.org/wiki/Q0', 'www.wikidata.org -'],
    ['https://www.wikidata.org/wiki/Property:P31', 'www.wikidata.org -'],
    // Who puts another's name into his own address is not that keeper.
    ['https://wikidata.org.toll.example/wiki/Q98765432', 'wikidata.org.toll.example -'],
    ['https://toll.example/wikidata.org/wiki/Q98765432', 'toll.example -'],
    ['HTTPS://Toll.Example:8443/about?lang=en', 'toll.example -'],
  ])('%s has none that is sure: %s', (address, expected) => expect(identity(address)).toBe(expected));
});
