import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bibtexReference } from './bibtex.js';
import { cslReference } from './csl.js';
import { plainReference } from './plain-text.js';
import type { Reference } from './reference.js';
import { risReference } from './ris.js';
import { robustLink } from './robust-link.js';

const reference: Reference = {
  id: 'ptl-0123456789abcdef',
  title: 'Harbour toll',
  record: 'Policy Timeline',
  publisher: 'Harbour Institute',
  url: 'https://policies.example/c/0123456789abcdef',
  version: '@41',
  day: '2026-11-22',
  accessed: '2026-11-30',
  notes: ['Known at 2024-10-10', 'SHA-256 of the answer: 00ff'],
};

describe('a reference', () => {
  it('is a sentence for a footnote', () => {
    expect(plainReference(reference)).toBe(
      'Harbour Institute: Policy Timeline, “Harbour toll”, version @41 of 2026-11-22, https://policies.example/c/0123456789abcdef, cited 2026-11-30. Known at 2024-10-10. SHA-256 of the answer: 00ff.',
    );
  });

  it('is an entry for BibTeX', () => {
    expect(bibtexReference({ ...reference, title: '50% of tolls_#1 & {more}\\x' })).toBe(
      [
        '@misc{ptl-0123456789abcdef,',
        '  author = {{Harbour Institute}},',
        '  title = {{50\\% of tolls\\_\\#1 \\& \\textbraceleft{}more\\textbraceright{}\\textbackslash{}x}},',
        '  howpublished = {Policy Timeline},',
        '  year = {2026},',
        '  month = nov,',
        '  version = {@41},',
        '  url = {https://policies.example/c/0123456789abcdef},',
        '  urldate = {2026-11-30},',
        '  note = {Known at 2024-10-10. SHA-256 of the answer: 00ff.},',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('is a record for reference managers', () => {
    expect(risReference(reference).split('\r\n')).toEqual([
      'TY  - DATA',
      'ID  - ptl-0123456789abcdef',
      'AU  - Harbour Institute',
      'TI  - Harbour toll',
      'T2  - Policy Timeline',
      'PB  - Harbour Institute',
      'PY  - 2026',
      'DA  - 2026/11/22/',
      'ET  - @41',
      'UR  - https://policies.example/c/0123456789abcdef',
      'Y2  - 2026/11/30/',
      'N1  - Known at 2024-10-10',
      'N1  - SHA-256 of the answer: 00ff',
      'ER  - ',
      '',
    ]);
  });

  it('is an item of CSL-JSON', () => {
    expect(cslReference({ ...reference, publisher: undefined, accessed: undefined })).toEqual({
      id: 'ptl-0123456789abcdef',
      type: 'dataset',
      title: 'Harbour toll',
      'container-title': 'Policy Timeline',
      version: '@41',
      issued: { 'date-parts': [[2026, 11, 22]] },
      URL: 'https://policies.example/c/0123456789abcdef',
      note: 'Known at 2024-10-10. SHA-256 of the answer: 00ff.',
    });
  });

  it('has the form of its format whatever its title holds', () => {
    const meant = fc.string({ unit: fc.constantFrom('{', '}', '\\', '%', '"', ',', '\r', '\n', 'a') });
    fc.assert(
      fc.property(fc.oneof(meant, fc.string({ unit: 'binary' })), (title) => {
        const odd = { ...reference, title, publisher: title };
        expect(risReference(odd).trimEnd().split('\r\n')).toHaveLength(14);
        expect(risReference(odd)).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
        const entry = bibtexReference(odd);
        expect(entry.split('\n')).toHaveLength(12);
        expect(depthOf(entry)).toBe(0);
        expect(plainReference(odd)).not.toMatch(/[\r\n]/);
        expect(JSON.parse(JSON.stringify(cslReference(odd)))).toEqual(cslReference(odd));
      }),
    );
  });
});

/** How many braces are open at the end; NaN if one was closed that was not open. To BibTeX, a backslash before one is nothing. */
const depthOf = (entry: string): number =>
  [...entry].reduce(
    (depth, character) => (depth < 0 ? Number.NaN : depth + (character === '{' ? 1 : character === '}' ? -1 : 0)),
    0,
  );

describe('a link', () => {
  it('names the version, and holds any text', () => {
    expect(
      robustLink({
        href: 'https://a.example/x?a=1&b=2',
        versionUrl: 'https://a.example/x?recordedAt=@1',
        versionDay: '2024-10-10',
        text: '"Tolls" <b>\'now\'</b>',
      }),
    ).toBe(
      '<a href="https://a.example/x?a=1&amp;b=2" data-originalurl="https://a.example/x?a=1&amp;b=2" data-versionurl="https://a.example/x?recordedAt=@1" data-versiondate="2024-10-10">&quot;Tolls&quot; &lt;b&gt;&#39;now&#39;&lt;/b&gt;</a>',
    );
  });
});
