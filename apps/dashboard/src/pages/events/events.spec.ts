import { describe, expect, it } from '@jest/globals';
import { eventOf, listOf, openPage } from '../page-fixture.js';

const titles = listOf([
  { policy: 'harbour-toll', title: 'Harbour toll', state: {} },
  { policy: 'ferry-pact', title: 'Ferry pact', state: {} },
]);

const events = [
  eventOf('toll-announced', {
    type: 'policy.announced',
    occurred: '2024-04-01',
    summary: 'The port <b>announced</b> tolls.',
    status: 'announced',
    epistemic: 'claimed',
    correctedBy: ['late-correction'],
  }),
  eventOf('pact-signed', {
    policy: 'ferry-pact',
    occurred: '2025-07',
    modality: 'planned',
    summary: 'A pact.',
    dating: { earliest: null, latest: null, settled: null },
  }),
];

describe('the search of events', () => {
  it('lists events by year with their marks in words', async () => {
    const { text, body } = await openPage('/events', { '/v1/events': listOf(events), '/v1/policies': titles });
    expect(text).toContain('1 April 2024 policy announced corrected since claimed');
    expect(text).toContain('July 2025 position stated planned date not settled');
    expect(text).toContain('Harbour Gazette · known first on 16 July 2024');
    expect(body).toContain('<h2>2024</h2>');
    expect(text).toContain('Ferry pact');
  });

  it('groups what was searched for by policy, marks the hits and takes nothing for markup', async () => {
    const { body } = await openPage('/events?q=toll+or+announcing&knownAt=2024-10-10', {
      '/v1/events?knownAt=2024-10-10&q=toll+or+announcing': listOf(events),
      '/v1/policies': titles,
    });
    expect(body).toContain('<h2><a href="/policies/harbour-toll/timeline?knownAt=2024-10-10">Harbour toll</a></h2>');
    expect(body).toContain('The port &lt;b><mark>announced</mark>&lt;/b> <mark>tolls</mark>.');
  });

  it('asks with all filters, and lets each be taken out alone', async () => {
    const asked = '/v1/events?q=pact&actor=Port&affiliated=true&type=policy.announced&order=published&records=true';
    const { body, text } = await openPage(asked.replace('/v1', ''), {
      [asked]: listOf(events, 'NEXT'),
      '/v1/policies': titles,
    });
    expect(text).toContain('also corrections and further sources');
    expect(body).toContain(
      'href="/events?q=pact&amp;affiliated=true&amp;type=policy.announced&amp;order=published&amp;records=true"',
    );
    expect(body).toContain('rel="next"');
    expect(body).toContain('cursor=NEXT');
  });

  it('says which filter to take out when nothing is found, with the number of events without it', async () => {
    const { text, body } = await openPage('/events?q=bridge&actor=Porto&affiliated=true', {
      '/v1/events?q=bridge&actor=Porto&affiliated=true': { ...listOf([]), near: ['Port Board'] },
      '/v1/events?q=bridge': listOf(events, 'MORE'),
      '/v1/events?actor=Porto&affiliated=true': listOf([]),
      '/v1/policies': titles,
    });
    expect(text).toContain('No event fits that was known at this point.');
    expect(text).toContain('Without Porto : more than 2 events');
    expect(text).not.toContain('Without “bridge”');
    expect(body).toContain('actor=Port+Board');
  });
});

describe('the timeline of a policy', () => {
  const at = '/policies/harbour-toll/timeline?knownAt=2024-10-10';
  const counted = { later: 13, correctedSince: 2, retractedSince: 0, undated: 1 };
  const openAt = (url: string) =>
    openPage(url, {
      '/v1/policies/harbour-toll/timeline': listOf(events),
      '/v1/policies/harbour-toll/timeline?knownAt=2024-10-10&hidden=true&limit=1': {
        ...listOf([]),
        hidden: counted,
      },
      '/v1/policies': titles,
    });

  it('counts what a day hides, each with the way to it', async () => {
    const { body } = await openAt(at);
    const [, counts = ''] = /<p class="hidden-counts">(.*?)<\/p>/s.exec(body) ?? [];
    expect(counts.replaceAll(/<[^>]*>/g, '')).toBe('13 later events hidden · 2 corrected since · 1 date not settled');
    expect(counts).toContain(`href="${at}"`);
    expect(counts).toMatch(
      /href="\/policies\/harbour-toll\/diff\?from\.knownAt=2024-10-10T[^"]*to\.validAt=2024-10-10T/,
    );
  });

  it('counts nothing where nothing is hidden', async () => {
    expect((await openAt('/policies/harbour-toll/timeline')).body).not.toContain('hidden-counts');
  });

  it('asks for that policy, and does not know a filter by policy', async () => {
    const { text } = await openPage('/policies/harbour-toll/timeline?scope=any&policy=ferry-pact', {
      '/v1/policies/harbour-toll/timeline?scope=any': listOf(events),
      '/v1/policies': titles,
    });
    expect(text).toContain('Timeline: Harbour toll');
    expect(text).toContain('also what merely concerns it');
  });
});
