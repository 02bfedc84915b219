import { describe, expect, it } from '@jest/globals';
import { coordinate, eventOf, openPage } from '../page-fixture.js';

const event = {
  ...eventOf('toll-announced', {
    type: 'policy.announced',
    occurred: '[2024-04-01..2024-04-30]',
    dating: { earliest: '2024-03-31T23:00:00.000Z', latest: '2024-04-30T22:59:59.999Z', settled: null },
    datedBy: ['toll-opens'],
    summary: 'The port announced a toll.',
    status: 'announced',
    note: 'Title ours. A well-known port.',
    terms: [{ key: 'price', value: 9, unit: 'GBP' }],
    plannedFor: '2024-07',
    actors: [{ name: 'Port Board', kind: 'organisation', role: 'owner' }],
    counterparties: [{ erased: true }],
    links: [{ rel: 'follows', to: 'toll-proposed' }],
    correctedBy: ['late-correction'],
    recordedAs: { terms: [{ key: 'price', value: 7, unit: 'GBP' }], plannedFor: '2024-07' },
    sources: [
      {
        publisher: 'Harbour Gazette',
        title: 'Toll <ahead>',
        url: 'https://gazette.example/toll',
        publishedAt: '2024-04-02',
        genre: 'news',
        locator: 'paragraph 7',
        sha256: 'ab12',
      },
      { publisher: 'Nobody', title: 'Trap', url: 'javascript:alert(1)', publishedAt: '2024-04-02', genre: 'news' },
    ],
  }),
  linkedFrom: [{ rel: 'disputes', from: 'users-object' }],
  corrections: [
    eventOf('late-correction', {
      type: 'record.corrected',
      reason: 'The price was misread.',
      changes: { terms: [{ key: 'price', value: 9, unit: 'GBP' }] },
    }),
  ],
  coordinate,
  permalink: '/v1/events/toll-announced?recordedAt=@41',
  meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
};

const open = () => openPage('/events/toll-announced?knownAt=2024-10-10', { '/v1/events/toll-announced': event });

describe('the page of an event', () => {
  it('says the three times in words', async () => {
    const { text } = await open();
    expect(text).toContain('some time from 1 April 2024 to 30 April 2024');
    expect(text).toContain(
      'Not before 1 April 2024, not after 30 April 2024. From when on it holds for certain is open',
    );
    expect(text).toContain('Dated with the help of toll-opens');
    expect(text).toContain('at position @7 of the log');
  });

  it('shows the whole body in words, what was erased too', async () => {
    const { text } = await open();
    expect(text).toContain('price: 9 GBP');
    expect(text).toContain('planned for July 2024');
    expect(text).toContain('A well-known port.');
    expect(text).toContain('counterparties erased');
    expect(text).toContain('Port Board, owner');
  });

  it('cites sources with place and hash, and links to addresses of the web alone', async () => {
    const { body, text } = await open();
    expect(body).toContain(
      '<a href="https://gazette.example/toll" rel="noopener nofollow noreferrer">Toll &lt;ahead></a>',
    );
    expect(text).toContain('paragraph 7');
    expect(text).toContain('ab12');
    expect(body).not.toContain('href="javascript');
  });

  it('links both ways, and to its corrections, with what was first recorded', async () => {
    const { text, body } = await open();
    expect(text).toContain('follows toll-proposed');
    expect(text).toContain('is disputed by users-object');
    expect(body).toContain('href="/events/users-object?knownAt=2024-10-10"');
    expect(text).toContain('The price was misread.');
    expect(text).toMatch(/terms price: 7 GBP price: 9 GBP/);
    expect(text).not.toMatch(/planned for July 2024 July 2024/);
  });

  it('leads to its proof, and to the form only where writes are open', async () => {
    const { body } = await open();
    expect(body).toContain('href="/v1/audit/proof/inclusion?event=toll-announced"');
    expect(body).not.toContain('/record?corrects');
  });
});
