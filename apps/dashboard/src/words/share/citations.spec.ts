import { describe, expect, it } from '@jest/globals';
import { CITATION_FORMS, type Cited, writeCitation } from './citations.js';

const cited: Cited = {
  title: 'Toll_on [ferries] & 50% | more',
  publisher: 'Harbour Gazette',
  sentence: 'What was known on 15 July 2024 about that day, as recorded at position 41',
  url: 'https://policy.example/policies/harbour-toll?recordedAt=@41',
  knownOn: '2024-07-15',
  readOn: '2026-11-30',
  root: { digits: '4c56a84e3fb8', size: 41 },
};

describe('a citation', () => {
  it.each(CITATION_FORMS)('has sentence, position, root, day of reading and address: %s', (form) => {
    const text = writeCitation(form, cited);
    expect(text).toContain('What was known on 15 July 2024 about that day, as recorded at position 41');
    expect(text).toContain('4c56a84e3fb8');
    expect(text).toContain(cited.url);
    expect(text).toMatch(/2026-11-30|2026,\s+11,\s+30/);
  });

  it.each(CITATION_FORMS)('claims no root that nobody has checked: %s', (form) => {
    expect(writeCitation(form, { ...cited, root: undefined })).not.toContain('root');
  });

  it('escapes what its form gives a meaning to', () => {
    expect(writeCitation('Markdown', cited)).toContain('[Toll\\_on \\[ferries\\] & 50% \\| more](https://');
    expect(writeCitation('BibTeX', cited)).toContain('{{Toll\\_on [ferries] \\& 50\\% | more}}');
    expect(writeCitation('Wikipedia', cited)).toContain('|title=Toll_on &#91;ferries&#93; & 50% {{!}} more |url');
    expect(writeCitation('Text', cited)).toContain(cited.title);
  });

  it('is data as readers of CSL take it', () => {
    expect(JSON.parse(writeCitation('CSL-JSON', cited))).toEqual([
      {
        id: 'policies-harbour-toll-2024-07-15',
        type: 'webpage',
        title: cited.title,
        author: [{ literal: 'Harbour Gazette' }],
        issued: { 'date-parts': [[2024, 7, 15]] },
        accessed: { 'date-parts': [[2026, 11, 30]] },
        URL: cited.url,
        note: `${cited.sentence}. The signed log had 41 entries and the root 4c56a84e3fb8….`,
      },
    ]);
  });
});
