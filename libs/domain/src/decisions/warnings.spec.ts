import { describe, expect, it } from '@jest/globals';
import type { EventBody } from '../schema/event.js';
import { parseEventBody } from '../bodies/parse.js';
import { instant } from '../values/time.js';
import { type TargetOnRecord, slipOf, warningsOf } from './warnings.js';

const ZONE = 'Europe/London';
const now = instant(Date.parse('2025-06-15T12:00:00Z'));
const source = { publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' };

const read = (input: object): EventBody => {
  const parsed = parseEventBody(input, ZONE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return parsed.body;
};

const announced = (more: object = {}): EventBody =>
  read({
    key: 'announced',
    type: 'policy.announced',
    policy: 'ferry',
    occurred: '2024-03-05',
    publishedAt: '2024-03-05',
    summary: 'Announced.',
    epistemic: 'confirmed',
    sources: [source],
    ...more,
  });

const about = (type: string, more: object): EventBody =>
  read({
    key: 'about',
    type,
    policy: 'ferry',
    target: 'announced',
    occurred: '2024-04-01',
    publishedAt: '2024-04-01',
    summary: 'About it.',
    ...more,
  });

const onRecord = (more: Partial<TargetOnRecord> = {}): TargetOnRecord => ({
  body: announced({ status: null, note: 'Between us.' }),
  retracted: false,
  sources: [source],
  ...more,
});

const shown = (body: EventBody, target?: TargetOnRecord): readonly string[] =>
  warningsOf(body, { now, zone: ZONE, target }).map(({ code, pointer }) => `${code} ${pointer}`);

describe('warnings about the dates of an event', () => {
  it.each<[string, object, readonly string[]]>([
    ['nothing to doubt', {}, []],
    ['published on the day it happened, at an hour', { publishedAt: '2024-03-05T00:00:00Z' }, []],
    ['published the day before it happened', { occurred: '2024-03-06' }, ['published-before-it-happened /publishedAt']],
    ['published within a vague date', { occurred: '2024' }, []],
    ['published before a plan', { occurred: '2024-03-06', modality: 'planned' }, []],
    ['published any time after an open beginning', { occurred: '[..2024-12]' }, []],
    [
      'a source of the next day',
      { sources: [source, { ...source, publishedAt: '2024-03-06' }] },
      ['source-published-later /sources/1/publishedAt'],
    ],
    ['a source of a later hour of that day', { sources: [{ ...source, publishedAt: '2024-03-05T23:00:00Z' }] }, []],
    [
      'a source of a later hour than the hour said',
      { publishedAt: '2024-03-05T09:00:00Z', sources: [{ ...source, publishedAt: '2024-03-05T10:00:00Z' }] },
      ['source-published-later /sources/0/publishedAt'],
    ],
    ['within a year', { occurred: '2026-06-01', modality: 'planned' }, []],
    ['a year typed wrong', { occurred: '2204-03-05', modality: 'planned' }, ['far-ahead /occurred']],
    ['in effect from a far day', { effective: { from: '2030-01-01' } }, ['far-ahead /effective/from']],
    ['in effect until a far day', { effective: { to: '2030-01-01' } }, []],
    ['published far ahead', { publishedAt: '2205-03-05', embargoed: true }, ['far-ahead /publishedAt']],
  ])('%s', (_about, more, warnings) => {
    expect(shown(announced(more))).toEqual(warnings);
  });
});

describe('warnings about a target', () => {
  const corrected = (changes: object) => about('record.corrected', { changes, reason: 'Mistyped.' });
  const retracted = about('record.retracted', { reason: 'Never said.' });
  const attached = (more: object) => about('source.attached', { source: { ...source, ...more } });
  const withdrawn = (title: string) =>
    about('source.retracted', { source: { publisher: 'Gazette', title }, reason: 'x' });

  it('says that a target was retracted before', () => {
    for (const body of [retracted, corrected({ summary: 'Better.' }), attached({ title: 'More' })])
      expect(shown(body, onRecord({ retracted: true }))).toEqual(['target-retracted /target']);
    expect(shown(retracted, onRecord())).toEqual([]);
  });

  it('says that a correction changes nothing', () => {
    const nothing = ['no-effect /changes'];
    expect(shown(corrected({ summary: 'Announced.' }), onRecord())).toEqual(nothing);
    expect(shown(corrected({ occurred: '2024-03-05', sources: [source], via: null }), onRecord())).toEqual(nothing);
    expect(shown(corrected({ status: null }), onRecord())).toEqual(nothing);
    expect(shown(corrected({ status: null }), onRecord({ body: announced() }))).toEqual([]);
    expect(shown(corrected({ summary: 'Announced.', note: null }), onRecord())).toEqual([]);
  });

  it('says that a source is there already, or is not there', () => {
    expect(shown(attached({}), onRecord())).toEqual(['no-effect /source']);
    expect(shown(attached({ title: 'Another' }), onRecord())).toEqual([]);
    expect(shown(withdrawn('Report'), onRecord())).toEqual([]);
    expect(shown(withdrawn('Another'), onRecord())).toEqual(['no-effect /source']);
  });

  it('does not say so of a source that tells more of when it was public, or had happened', () => {
    const target = (more: object) => onRecord({ body: announced(more) });
    expect(shown(attached({}), target({ publishedAt: '2024-05-01' }))).toEqual([]);
    expect(shown(attached({}), target({ occurred: '[2024-03-20..2024-06-30]' }))).toEqual([]);
    expect(shown(attached({}), target({ occurred: '[2024-05..2024-06]' }))).toEqual(['no-effect /source']);
  });

  it('says that an attached source is later than its attachment', () => {
    expect(shown(attached({ publishedAt: '2024-04-02', title: 'Another' }), onRecord())).toEqual([
      'source-published-later /source/publishedAt',
    ]);
  });
});

describe('warnings about names', () => {
  it('asks whether a name was meant that is on record, wherever a body gives one', () => {
    const body = announced({
      actors: [
        { name: 'Minsitry', kind: 'organisation' },
        { name: 'Minsitry', kind: 'organisation', private: true },
      ],
      counterparties: [{ name: 'Frnace', kind: 'country' }],
      figures: [{ measure: 'arrivals', value: 3, comparator: 'exact', unit: 'people' }],
    });
    const known = { actor: ['Ministry', 'France'], publisher: ['Gazete'], measure: ['arrival'] };
    const nearName = (kind: keyof typeof known, name: string) => slipOf(name, known[kind]);
    expect(warningsOf(body, { now, zone: ZONE, nearName }).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'near-name /actors/0/name',
      'near-name /counterparties/0/name',
      'near-name /sources/0/publisher',
      'near-name /figures/0/measure',
    ]);
  });

  it.each([
    ['Iran', ['Iraq'], undefined],
    ['Niger', ['Nigeria'], undefined],
    ['returns-2024', ['returns-2023'], undefined],
    ['Home Ofice', ['Home Office'], 'Home Office'],
    ['home office', ['Home Office'], 'Home Office'],
    ['Home Office', ['Foreign Office'], undefined],
  ])('%s beside %j', (name, known, near) => {
    expect(slipOf(name, known)).toBe(near);
  });
});
