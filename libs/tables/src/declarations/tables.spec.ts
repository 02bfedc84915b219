import { describe, expect, it } from '@jest/globals';
import { daysIn } from '../cells/days.js';
import { type Item, type TidyTable, selectColumns } from '../cells/table.js';
import { rowObject } from '../formats/ndjson.js';
import { tables } from './tables.js';

const dayOf = daysIn('Europe/London');

function tableCalled(name: string): TidyTable {
  const table = tables.find((each) => each.name === name);
  if (!table) throw new Error(`There is no table ${name}.`);
  return table;
}

const rowsIn = (name: string, item: Item) => {
  const { columns, rowsOf } = tableCalled(name);
  return rowsOf(item, dayOf).map((row) => rowObject(columns, row));
};

const event = {
  key: 'toll-announced',
  policy: 'harbour-toll',
  type: 'policy.announced',
  summary: 'A toll of 7 pounds.',
  occurred: '2024-07-05',
  publishedAt: '2024-07-05T23:30:00+00:00',
  knownFrom: '2024-07-05T23:30:00.000Z',
  recordedAt: '2026-01-01T00:00:00.000Z',
  position: 2,
  revision: 1,
  id: '0',
  dating: { earliest: '2024-07-04T23:00:00.000Z', latest: '2024-07-05T22:59:59.999Z', settled: null },
  note: { erased: true },
  actors: [
    { name: { erased: true }, kind: 'person' },
    { name: 'Transport Ministry', kind: 'organisation' },
  ],
  counterparties: [{ name: 'Norland', kind: 'country', onBehalfOf: 'The bloc' }],
  links: [{ rel: 'follows', to: 'toll-proposed' }],
  sources: [
    { publisher: 'Gazette', title: 'Toll, announced', publishedAt: '2024-07-05', genre: 'news' },
    {
      publisher: 'Courier',
      title: 'A toll',
      publishedAt: '2024-07-06',
      genre: 'news',
      url: 'https://courier.example',
    },
  ],
  withdrawnSources: [{ by: 'gazette-retracts', publisher: 'Gazette', title: 'Toll, announced' }],
};

describe('the tables', () => {
  it('say what each column holds, under one name in each table', () => {
    expect(tables.map(({ name }) => name)).toEqual([...new Set(tables.map(({ name }) => name))]);
    for (const { name, columns, schema } of tables) {
      expect([name, columns.filter(({ description }) => description === '')]).toEqual([name, []]);
      expect(columns.map((column) => column.name)).toEqual(Object.keys(schema.shape));
    }
  });

  it('hold rows that their schemas take', () => {
    for (const name of ['events', 'event_actors', 'event_links', 'event_sources'])
      for (const row of rowsIn(name, event)) expect(tableCalled(name).schema.parse(row)).toEqual(row);
  });

  it('name days as they are where the service is: late in the evening it is the next one in summer', () => {
    expect(rowsIn('events', event)[0]).toMatchObject({ publishedOn: '2024-07-06', knownOn: '2024-07-06' });
    expect(rowsIn('events', { ...event, publishedAt: '2024-07-05' })[0]).toMatchObject({ publishedOn: '2024-07-05' });
  });

  it('have a row for each entry of a list in the long tables', () => {
    expect(rowsIn('event_actors', event)).toMatchObject([
      { event: 'toll-announced', capacity: 'actors', ordinal: 1, name: null },
      { capacity: 'actors', ordinal: 2, name: 'Transport Ministry', onBehalfOf: null },
      { capacity: 'counterparties', ordinal: 1, name: 'Norland', onBehalfOf: 'The bloc' },
    ]);
    expect(rowsIn('event_links', event)).toMatchObject([
      { event: 'toll-announced', rel: 'follows', to: 'toll-proposed' },
    ]);
    expect(rowsIn('event_links', { ...event, links: undefined })).toEqual([]);
    const conflicting = { conflictsWith: ['b', 'a'], claimedBy: [], event: 'c', measure: 'cars' };
    expect(rowsIn('figure_conflicts', conflicting)).toMatchObject([
      { event: 'c', ordinal: 1, conflictingEvent: 'b' },
      { ordinal: 2, conflictingEvent: 'a' },
    ]);
  });

  it('name the first source that was not withdrawn, and tell which were', () => {
    expect(rowsIn('events', event)[0]).toMatchObject({
      sourcePublisher: 'Courier',
      sourceUrl: 'https://courier.example',
    });
    expect(rowsIn('event_sources', event)).toMatchObject([
      { publisher: 'Gazette', url: null, withdrawnBy: 'gazette-retracts', attachedBy: null },
      { publisher: 'Courier', withdrawnBy: null },
    ]);
  });

  it('show an erased text as none', () => {
    expect(rowsIn('events', event)[0]).toMatchObject({ note: null });
  });

  it('split values into what can be computed with', () => {
    const box = { from: null, to: null };
    const term = {
      policy: 'p',
      field: 'terms.price',
      value: { value: 9, unit: 'GBP' },
      recorded: { from: 1, to: null },
    };
    expect(rowsIn('history', { ...term, known: box, valid: box, event: 'e', certainty: 'settled' })[0]).toMatchObject({
      valueText: null,
      valueNumber: 9,
      unit: 'GBP',
      value: { value: 9, unit: 'GBP' },
      recordedFrom: 1,
      recordedTo: null,
    });
  });

  it('can be cut down to some columns, in any order', () => {
    const cut = selectColumns(tableCalled('events'), ['publishedOn', 'key']);
    expect(cut?.rowsOf(event, dayOf)).toEqual([['2024-07-06', 'toll-announced']]);
    expect(selectColumns(tableCalled('events'), ['key', 'nothing'])).toBeUndefined();
  });
});
