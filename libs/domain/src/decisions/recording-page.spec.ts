import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { type EventType, eventTypes } from '../families/event-types.js';
import * as texts from '../schema/field-texts.js';
import { commonFields } from '../schema/fields.js';
import { parseEventBody } from '../bodies/parse.js';
import { RecordGraph } from '../graph/record-graph.js';
import { DATED_TOGETHER, DATING_LINKS, RECORDS_ABOUT, TARGETS_DEEP, limitFaults } from '../graph/recorded-limits.js';
import type { Seen, EventOnRecord } from './seen.js';
import { instant } from '../values/time.js';
import { WARNING_CODES } from './warnings.js';
import { WORD_MEANINGS } from '../schema/word-meanings.js';
import { EDTF_FORMS } from '../values/world-date.js';

const page = readFileSync(new URL('../../../../docs/recording.md', import.meta.url), 'utf8');

/** The rows of the page's tables, each the texts of its cells. */
const rows: readonly (readonly string[])[] = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(/ \| |(?<= )\| /));

const rowsOf = (first: string) => rows.filter(([cell]) => cell === `\`${first}\``);

const types = [...eventTypes.values()];
const ownFieldsOf = ({ fields }: EventType): readonly string[] =>
  Object.keys(fields).filter((field) => field !== 'type' && !(field in commonFields));

describe('the page for recorders', () => {
  it.each(types)('lists $name as it is defined', (type) => {
    const own = ownFieldsOf(type).map((field) => `\`${field}\``);
    expect(page).toContain(`| \`${type.name}\` | ${type.defaultStatus ?? ''} | ${own.join(', ')} | ${type.says} |`);
  });

  it.each(types)('says what $name changes of its own', (type) => {
    const parsed = parseEventBody(type.example, 'UTC');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    const effect = rowsOf(type.name).at(0)?.at(-1) ?? '';
    for (const { field, value } of type.own(parsed.body)) {
      expect(effect).toContain(`\`${field.split('.')[0]}.`);
      if (typeof value === 'string' && !JSON.stringify(type.example).includes(value))
        expect(effect).toContain(`\`${value}\``);
    }
  });

  it.each(Object.entries(WORD_MEANINGS))('says when to use each word of %s', (_list, meanings) => {
    for (const [word, meaning] of Object.entries(meanings))
      expect(rowsOf(word).map(([, cell]) => cell)).toContain(meaning);
  });

  const fields = [
    'type',
    ...Object.keys(texts.commonTexts),
    ...Object.keys(texts.ownTexts),
    ...Object.keys(texts.registrationTexts),
    ...Object.keys(texts.effectiveTexts).map((field) => `effective.${field}`),
    ...Object.keys(texts.actorTexts).map((field) => `actors[].${field}`),
    ...Object.keys(texts.viaTexts).map((field) => `via[].${field}`),
    ...Object.keys(texts.termTexts).map((field) => `terms[].${field}`),
    ...Object.keys(texts.figureTexts).map((field) => `figures[].${field}`),
    ...Object.keys(texts.linkTexts).map((field) => `links[].${field}`),
    ...Object.keys(texts.sourceTexts).map((field) => `sources[].${field}`),
  ];
  it.each(fields)('says what %s is', (field) => {
    expect(rowsOf(field).flat().join(' ').length).toBeGreaterThan(30);
  });

  it.each(Object.keys(WARNING_CODES))('says what the warning %s means', (code) => {
    expect(rowsOf(code)).toEqual([[expect.any(String), expect.stringMatching(/\.$/)]]);
  });

  it.each([
    ['target-chain-too-long', TARGETS_DEEP],
    ['too-many-records-about', RECORDS_ABOUT],
    ['linked-set-too-large', DATED_TOGETHER],
    ['too-many-dating-links', DATING_LINKS],
  ])('says the limit %s', (code, most) => {
    expect(rows).toContainEqual([expect.any(String), String(most), `\`${code}\``]);
  });

  it('shows what is answered where an event can only be retracted', () => {
    const target = 'ferry-announced';
    const recorded = new RecordGraph();
    recorded.add({ key: target, type: 'policy.announced', parts: [] });
    for (let count = 0; count < RECORDS_ABOUT; count += 1)
      recorded.add({ key: `c${count}`, type: 'record.corrected', target, parts: [] });
    const [refused] = limitFaults({ key: 'next', type: 'record.corrected', target, parts: [] }, recorded);
    expect(page).toContain(`> ${refused?.message}`);
    expect(limitFaults({ key: 'next', type: 'record.retracted', target, parts: [] }, recorded)).toEqual([]);
  });

  it.each(EDTF_FORMS.split(/, | or /))('says what the date %s does', (form) => {
    expect(rowsOf(form).at(0)).toHaveLength(3);
  });
});

const recorded = new Map(
  types.map(({ name, example: { key, target } }): [string, EventOnRecord] => [
    key,
    {
      key,
      type: name,
      policy: 'harbour-toll',
      ...(typeof target === 'string' ? { target } : {}),
    },
  ]),
);

/** The log after every example was recorded. */
const seen: Seen = {
  policyExists: (slug) => slug === 'harbour-toll',
  eventOf: (key) => recorded.get(key),
  followsEver: () => [],
};

const now = instant(Date.parse('2026-06-01T12:00:00Z'));

/** What is answered to an example in which some fields are replaced. */
function rejectionsOf(fragment: Readonly<Record<string, unknown>>): readonly { code: string; message: string }[] {
  const type = eventTypes.get(String(fragment['type'])) ?? eventTypes.get('policy.announced');
  const parsed = parseEventBody({ ...type?.example, ...fragment }, 'UTC');
  if (!parsed.ok) return parsed.rejections;
  const decision = decide(parsed.body, seen, now);
  return decision.accepted ? [] : decision.rejections;
}

describe('the mistakes that the page shows', () => {
  const start = rows.findIndex(([cell]) => cell === 'Written');
  const mistakes = rows
    .slice(start + 2)
    .map(([written = '', code = '', message]) => ({ written, code: code.slice(1, -1), message }));

  it.each(mistakes)('$written is answered as shown', ({ written, code, message }) => {
    expect(rejectionsOf(JSON.parse(written.slice(1, -1)))).toEqual([expect.objectContaining({ code, message })]);
  });
});
