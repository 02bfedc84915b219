import { describe, expect, it } from '@jest/globals';
import { coordinate, listOf, openPage } from '../page-fixture.js';

const box = (value: string, rest: object) => ({
  field: 'status',
  value,
  event: `toll-${value}`,
  recorded: { from: 4, to: null },
  known: { from: '2024-04-01T23:00:00.000Z', to: null },
  valid: { from: '2024-03-31T23:00:00.000Z', to: null },
  ...rest,
});

const boxes = [
  box('announced', { known: { from: '2024-04-01T23:00:00.000Z', to: '2024-06-30T23:00:00.000Z' } }),
  box('paused', { known: { from: '2024-06-30T23:00:00.000Z', to: null } }),
  box('ended', { recorded: { from: 2, to: 4 } }),
];

const answers = {
  '/v1/policies/harbour-toll': { policy: 'harbour-toll', title: 'Harbour toll', state: { status: 'paused' } },
  '/v1/policies/harbour-toll/history?knownAt=2024-10-10&field=status&limit=500': { ...listOf(boxes), coordinate },
};

describe('the page of what was thought', () => {
  it('lists the values with the three times in words', async () => {
    const { text } = await openPage('/policies/harbour-toll/history?field=status&knownAt=2024-10-10', answers);
    expect(text).toContain('announced since 1 April 2024 from 2 April 2024 until 1 July 2024 since @4 toll-announced');
    expect(text).toContain('1 value replaced by later entries of the log');
    expect(text).toContain('from @2 until @4');
  });

  it('says what was successively known about a day', async () => {
    const { text, body } = await openPage('/policies/harbour-toll/history?field=status&knownAt=2024-10-10', answers);
    expect(text).toContain(
      'Known from 2 April 2024: announced , because of toll-announced Known from 1 July 2024: paused , because of toll-paused',
    );
    expect(body.indexOf('id="plane"')).toBeLessThan(body.indexOf('As our record stands'));
  });
});
