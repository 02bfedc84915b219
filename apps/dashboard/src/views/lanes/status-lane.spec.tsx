import { describe, expect, it } from '@jest/globals';
import { listOf, openPage } from '../../pages/page-fixture.js';

const box = (value: string, event: string, valid: { from: string | null; to: string | null }): object => ({
  field: 'status',
  value,
  event,
  recorded: { from: 2, to: null },
  known: { from: '2024-01-10T00:00:00.000Z', to: null },
  valid,
});

const JULY = '2024-06-30T23:00:00.000Z';
const AUGUST = '2024-07-31T23:00:00.000Z';

const answers = {
  '/v1/policies/harbour-toll': {
    ...listOf([]),
    policy: 'harbour-toll',
    title: 'Harbour toll',
    kind: 'scheme',
    jurisdiction: 'GB',
    aliases: [],
    state: { status: 'in-operation' },
    uncertain: [{ field: 'status', value: 'paused', event: 'toll-paused', from: JULY, settled: AUGUST }],
    eventCount: 2,
    resume: '41.1',
  },
  '/v1/policies/harbour-toll/timeline': listOf([]),
  '/v1/policies/harbour-toll/history': listOf([
    box('announced', 'toll-announced', { from: '2024-01-10T00:00:00.000Z', to: JULY }),
    box('in-operation', 'toll-commenced', { from: JULY, to: null }),
  ]),
};

describe('the status of a policy over time', () => {
  it('is drawn on the server, hidden from readers, with the same in a list', async () => {
    const { body } = await openPage('/policies/harbour-toll', answers);
    expect(body).toContain('<svg class="plot" aria-hidden="true"');
    const list = body.slice(body.indexOf('lanes-list'));
    const items = [...list.matchAll(/<li><a href="([^"]*)">([^<]*)<\/a><\/li>/g)].map(([, link, words]) => [
      link,
      words,
    ]);
    expect(items.slice(0, 3)).toEqual([
      ['/events/toll-announced', 'announced from 10 January 2024 to 30 June 2024'],
      ['/events/toll-commenced', 'in operation from 1 July 2024, no end known'],
      ['/events/toll-paused', 'perhaps paused from 1 July 2024 to 31 July 2024'],
    ]);
    for (const [, words] of items.slice(0, 3)) expect(body).toContain(`<title>${words ?? ''}</title>`);
  });

  it('has one tab stop, and no inline style', async () => {
    const { body } = await openPage('/policies/harbour-toll', answers);
    expect(body.match(/class="lanes-window" tabindex="0"/g)).toHaveLength(1);
    expect(body).not.toContain('style=');
  });

  it('is left out where no status was known', async () => {
    const { body } = await openPage('/policies/harbour-toll', {
      ...answers,
      '/v1/policies/harbour-toll': { ...answers['/v1/policies/harbour-toll'], uncertain: [] },
      '/v1/policies/harbour-toll/history': listOf([]),
    });
    expect(body).not.toContain('Status over time');
  });
});
