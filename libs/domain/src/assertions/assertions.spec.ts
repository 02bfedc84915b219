import { describe, expect, it } from '@jest/globals';
import { assertionsOf } from './assertions.js';
import { parseEventBody } from '../bodies/parse.js';

/** What an event of a type asserts, as field and value. */
function asserted(type: string, more: object = {}): Readonly<Record<string, unknown>> {
  const isAboutRecords = /^(record|source|operation)\./.test(type);
  const parsed = parseEventBody(
    {
      key: 'an-event',
      type,
      policy: 'toll',
      occurred: '2024-03-05',
      publishedAt: '2024-03-05',
      summary: 'Something happened.',
      ...(isAboutRecords
        ? {}
        : {
            epistemic: 'reported',
            sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' }],
          }),
      ...more,
    },
    'Europe/London',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return Object.fromEntries(assertionsOf(parsed.body).map(({ field, value }) => [field, value]));
}

const norland = { name: 'Norland', kind: 'country' };
const board = { name: 'Port Board', kind: 'organisation' };
const figure = { measure: 'income', value: 5, comparator: 'exact', unit: 'people' };

describe('an event asserts', () => {
  it.each<[string, string, object, object]>([
    ['the default status of its type', 'policy.paused', {}, { status: 'paused' }],
    ['its own status before the default', 'policy.paused', { status: 'disrupted' }, { status: 'disrupted' }],
    ['no status where it says null', 'policy.paused', { status: null }, {}],
    [
      'its terms, and the absence of those without a value',
      'terms.changed',
      {
        terms: [
          { key: 'price', value: 7, unit: 'GBP' },
          { key: 'quota', value: null },
        ],
      },
      { 'terms.price': { value: 7, unit: 'GBP' }, 'terms.quota': null },
    ],
    [
      'the stance of every actor',
      'position.stated',
      { actors: [board, norland], stance: 'oppose' },
      { 'positions.Port Board': 'oppose', 'positions.Norland': 'oppose' },
    ],
    ['no stance where an answer was withheld', 'answer.withheld', { actors: [board], stance: 'oppose' }, {}],
    [
      'each figure apart',
      'figure.reported',
      { figures: [figure] },
      { 'figures.income.an-event': { value: 5, comparator: 'exact', unit: 'people' } },
    ],
    [
      'what is planned',
      'pilot.planned',
      { plannedFor: '2025-01' },
      { status: 'in-preparation', 'plans.an-event': '2025-01' },
    ],
    [
      'several figures of one measure one after the other',
      'figure.reported',
      { figures: [figure, { ...figure, measure: 'cost' }, { ...figure, value: 6 }, { ...figure, value: 7 }] },
      {
        'figures.income.an-event': { value: 5, comparator: 'exact', unit: 'people' },
        'figures.cost.an-event': { value: 5, comparator: 'exact', unit: 'people' },
        'figures.income.an-event.2': { value: 6, comparator: 'exact', unit: 'people' },
        'figures.income.an-event.3': { value: 7, comparator: 'exact', unit: 'people' },
      },
    ],
    ['a forecast apart from plans', 'forecast.made', { plannedFor: '2025' }, { 'forecasts.an-event': '2025' }],
    ...(['fulfils', 'falsifies', 'supersedes'] as const).map((rel): [string, string, object, object] => [
      `the end of the plan or forecast that it ${rel}`,
      'claim.made',
      { links: [{ rel, to: 'a-plan' }] },
      { 'plans.a-plan': null, 'forecasts.a-plan': null },
    ]),
    ['nothing of what it merely follows', 'claim.made', { links: [{ rel: 'follows', to: 'a-plan' }] }, {}],
    [
      'the stage with each counterparty',
      'agreement.signed',
      { counterparties: [norland] },
      { status: 'agreed', 'negotiations.Norland.stage': 'signed' },
    ],
    [
      'the stage that a step names',
      'negotiation.step-taken',
      { counterparties: [norland], stage: 'second round' },
      { 'negotiations.Norland.stage': 'second round' },
    ],
    ['no stage where a step names none', 'negotiation.step-taken', { counterparties: [norland] }, {}],
    ['the host that it names', 'host.agreed', { host: 'Norland' }, { 'hosts.Norland': 'agreed' }],
    [
      'the first country among its actors as host',
      'host.declined',
      { actors: [board, norland] },
      { 'hosts.Norland': 'declined' },
    ],
    [
      'its first figure of money as funding',
      'funding.paid',
      { figures: [figure, { ...figure, measure: 'cost', unit: 'GBP' }] },
      {
        'figures.income.an-event': { value: 5, comparator: 'exact', unit: 'people' },
        'figures.cost.an-event': { value: 5, comparator: 'exact', unit: 'GBP' },
        'funding.an-event': { value: 5, unit: 'GBP', standing: 'paid' },
      },
    ],
    [
      'the stage of a bill',
      'legislation.stage-completed',
      { stage: 'second reading', instrument: 'toll-bill' },
      { status: 'legislating', 'legal.toll-bill': 'second reading' },
    ],
    [
      'the policy as the instrument where none is named',
      'legislation.enacted',
      {},
      { status: 'enacted', 'legal.toll': 'enacted' },
    ],
    ['what a court found', 'court.ruled', { outcome: 'partly' }, { 'legal.challenge': 'partly' }],
    ['that a court refused to hear a challenge', 'court.challenge-refused', {}, { 'legal.challenge': 'refused' }],
  ])('%s (%s)', (_about, type, more, expected) => {
    expect(asserted(type, more)).toEqual(expected);
  });

  it('nothing when it speaks of records, even what older records could have', () => {
    const parsed = parseEventBody(
      {
        key: 'an-event',
        type: 'record.retracted',
        policy: 'toll',
        target: 'another',
        reason: 'Wrong.',
        occurred: '2024-03-05',
        publishedAt: '2024-03-05',
        summary: 'Something happened.',
        actors: [board],
        links: [{ rel: 'fulfils', to: 'a-plan' }],
      },
      'Europe/London',
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    expect(assertionsOf({ ...parsed.body, status: 'paused', stance: 'support' })).toEqual([]);
  });
});
