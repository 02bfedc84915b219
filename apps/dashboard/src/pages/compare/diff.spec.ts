import { describe, expect, it } from '@jest/globals';
import { coordinate, eventOf, listOf, openPage } from '../page-fixture.js';

const change = (field: string, rest: object) => ({
  policy: 'harbour-toll',
  field,
  before: null,
  after: 'announced',
  why: 'happened',
  events: [],
  causes: ['toll-announced'],
  ...rest,
});

const difference = {
  from: { ...coordinate, knownAt: '2024-03-01T23:59:59.999Z', validAt: '2024-03-01T23:59:59.999Z' },
  to: coordinate,
  changes: [
    change('status', {}),
    change('terms.price', {
      before: { value: 7, unit: 'GBP' },
      after: { value: 9, unit: 'GBP' },
      why: 'corrected',
      causes: ['late-correction'],
    }),
    change('terms.scope', {
      policy: 'ferry-pact',
      before: 'all boats that enter the harbour before ten o’clock',
      after: 'all ships that enter the harbour before ten o’clock',
      why: 'published',
    }),
  ],
  added: ['toll-announced', 'late-correction'],
  removed: ['toll-denied'],
  permalink: '/v1/diff?from.recordedAt=@41',
  meta: { engine: 'facts', fold: 2, position: 41, lagMs: 0 },
};

const titles = listOf([{ policy: 'harbour-toll', title: 'Harbour toll', state: {} }]);
const answers = { '/v1/diff?from=2024-03-01&to=2024-10-10': difference, '/v1/policies': titles };

describe('the comparison of two dates', () => {
  it('asks for two dates when one is missing, and keeps the one there is', async () => {
    const { status, body, text } = await openPage('/diff?from=2024-03-01', { '/v1/policies': titles });
    expect(status).toBe(200);
    expect(text).toContain('Choose two dates');
    expect(body).toContain('name="from" value="2024-03-01"');
    expect(text).toContain('from 1 March 2024 to today · in the week before 1 March 2024');
    expect(body).toContain('href="/diff?from=2024-02-23&amp;to=2024-03-01"');
  });

  it('says both sides in a sentence and what differs in a line', async () => {
    const { text, body } = await openPage('/diff?from=2024-03-01&to=2024-10-10', answers);
    expect(text).toContain('From what was known on 1 March 2024 about that day, as our record stands today (@41).');
    expect(text).toContain(
      '3 changes: 1 happened, 1 published, 1 corrected; 2 events added, 1 event no longer in force.',
    );
    expect(body).toContain('href="/diff?from=2024-10-10&amp;to=2024-03-01"');
    expect(body).toContain('<a href="/diff?from.recordedAt=@41">Pinned link');
  });

  it('shows before and after by reason, with the causes as links at the second side', async () => {
    const { text, body } = await openPage('/diff?from=2024-03-01&to=2024-10-10', answers);
    expect(text).toContain('✎ Corrected What was recorded was wrong, and was corrected.');
    expect(body).toContain('<del>7 GBP</del>');
    expect(body).toContain('<ins>9 GBP</ins>');
    expect(body).toContain('all <del>boats </del>that');
    expect(body).toContain('href="/events/late-correction?knownAt=2024-10-10"');
    expect(body).toContain('href="/events/toll-denied?knownAt=2024-03-01"');
  });

  it('says of each cause what happened, where it can be read', async () => {
    const event = eventOf('late-correction', { type: 'record.corrected', summary: 'The price was misread.' });
    const { text } = await openPage('/diff?from=2024-03-01&to=2024-10-10', {
      ...answers,
      '/v1/events/late-correction': event,
    });
    expect(text).toContain('7 GBP 9 GBP The price was misread.');
    expect(text).toContain('nothing announced toll-announced');
  });

  it('groups by policy without telling the interface', async () => {
    const { body, text } = await openPage('/diff?from=2024-03-01&to=2024-10-10&group=policy', answers);
    expect(body).toContain('<h2>Harbour toll</h2>');
    expect(text).toContain('✎ corrected');
  });

  it('says that nothing differs, and how many events there are more', async () => {
    const { text } = await openPage('/diff?from=2024-03-01&to=2024-10-10', {
      ...answers,
      '/v1/diff?from=2024-03-01&to=2024-10-10': { ...difference, changes: [], removed: [] },
    });
    expect(text).toContain('Nothing that holds differs. 2 events were added.');
  });

  it('compares one policy on all three times', async () => {
    const query = 'from.knownAt=2024-03-01&from.recordedAt=@12&to.validAt=2024-10-10';
    const { text, body } = await openPage(`/policies/harbour-toll/diff?${query}`, {
      '/v1/policies/harbour-toll': { title: 'Harbour toll' },
      [`/v1/policies/harbour-toll/diff?${query}`]: difference,
    });
    expect(text).toContain('Compare: Harbour toll');
    expect(text).toContain('as our record stood on 22 November 2026, 10:00 (@41)');
    expect(body).toContain('href="/events/toll-denied?knownAt=2024-03-01&amp;recordedAt=@12"');
  });
});
