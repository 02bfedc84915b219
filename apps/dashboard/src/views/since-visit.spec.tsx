import { expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { readAddress } from '../http/address.js';
import { frameOf } from '../pages/page.js';
import { coordinate } from '../pages/page-fixture.js';
import { SinceVisit } from './since-visit.js';

const about = { name: '', version: '', timeZone: 'Europe/London', head: 44, fold: 2, publisher: null, licence: null };
const frame = frameOf(
  { ...about, writes: 'closed', role: 'reader', signIn: 'none' },
  readAddress('/'),
  'https://policy.example',
);

const change = (index: number) => ({
  policy: 'harbour-toll',
  field: `terms.price-${index}`,
  before: { value: 7, unit: 'GBP' },
  after: { value: 9, unit: 'GBP' },
  why: 'corrected',
  events: [],
  causes: [],
});

it('lists what differs, corrections included, and leads to the whole', () => {
  const difference = {
    from: coordinate,
    to: coordinate,
    changes: Array.from({ length: 12 }, (_none, index) => change(index)),
    added: ['late-correction'],
    removed: [],
    permalink: '',
    meta: { engine: 'facts', fold: 2, position: 44, lagMs: 0 },
  };
  const text = renderToString(
    <SinceVisit
      since={41}
      head={44}
      difference={difference}
      titles={{ 'harbour-toll': 'Harbour toll' }}
      frame={frame}
    />,
  );
  expect(text).toContain('12 changes: 12 corrected; 1 event added. You had seen our record up to @41');
  expect(text.match(/<li>/g)).toHaveLength(10);
  expect(text).toContain('<del>7 GBP</del> → <ins>9 GBP</ins>, corrected');
  expect(text).toContain('<a href="/diff?from.recordedAt=@41&amp;to.recordedAt=@44">All 12 changes</a>');
});
