import { describe, expect, it } from '@jest/globals';
import { type GoldenExample, goldenExamples } from '../../../../test/support/events/golden-examples.js';
import { parseEventBody } from '../bodies/parse.js';
import { REGISTERED } from '../bodies/policy-stream.js';
import { parseRegistration } from '../bodies/registration.js';
import type { Rejection } from '../values/rejection.js';

const announced = {
  key: 'announced',
  type: 'policy.announced',
  policy: 'toll',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'Announced.',
  epistemic: 'reported',
  sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' }],
};

const rejections = (input: unknown): readonly Rejection[] => {
  const parsed = parseEventBody(input, 'Europe/London');
  return parsed.ok ? [] : parsed.rejections;
};

/** What is said about the announcement with some fields replaced. */
const said = (more: object): readonly string[] => rejections({ ...announced, ...more }).map(({ message }) => message);

const figure = { measure: 'income', value: 5, comparator: 'exact', unit: 'people' };

/** The cases with what they are called in a report: some are too long to be read. */
const named = (cases: readonly (readonly [object, string])[]) =>
  cases.map(([more, message]) => [JSON.stringify(more).slice(0, 80), more, message] as const);

describe('a message says what is wrong and what to do', () => {
  it.each(
    named([
      [{ occured: '2024' }, 'There is no field "occured" here. Did you mean occurred?'],
      [{ colour: 'red' }, 'There is no field "colour" here. Check its spelling or remove it.'],
      [{ figures: [{ ...figure, mesure: 'x' }] }, 'There is no field "mesure" here. Did you mean measure?'],
      [{ occurred: undefined }, '"occurred" is required. Add it.'],
      [
        { epistemic: undefined },
        '"epistemic" is required. Use one of: confirmed, reported, claimed, disputed, denied.',
      ],
      [
        { epistemic: 'confirmd' },
        '"confirmd" is not a valid value of "epistemic". Did you mean confirmed? Use one of: confirmed, reported, claimed, disputed, denied.',
      ],
      [
        { stance: true },
        '"stance" must be one of these words in quotes: support, oppose, conditional, refuse, noncommittal. It is true.',
      ],
      [{ summary: 12 }, '"summary" must be text in quotes, but is the number 12.'],
      [{ summary: null }, '"summary" must be text in quotes, but is null.'],
      [{ summary: '' }, '"summary" is empty. Write something, or leave it out where it is optional.'],
      [{ summary: 'x'.repeat(283) }, '"summary" has 283 characters; at most 280 are allowed. Shorten it by 3.'],
      [{ ordinal: 1.5 }, '"ordinal" must be a whole number, but is the number 1.5.'],
      [{ ordinal: -1 }, '"ordinal" is -1; at least 0 is allowed.'],
      [{ embargoed: 'yes' }, '"embargoed" must be true or false, without quotes, but is text.'],
      [{ actors: {} }, '"actors" must be a list in square brackets, but is an object.'],
      [{ actors: ['Port Board'] }, '"actors" must be an object in braces, but is text.'],
      [{ sources: [] }, '"sources" is an empty list. Give at least one.'],
      [
        { links: new Array(201).fill({ rel: 'about', to: 'x' }) },
        'The list has 201 items; at most 200 are allowed. Leave some out, or record them with another event.',
      ],
      [
        { terms: [{ key: 'price', value: 'x'.repeat(10_002) }] },
        '"value" has 10002 characters; at most 10000 are allowed. Shorten it by 2.',
      ],
      [
        { terms: [{ key: 'price', value: ['x'] }] },
        '"value" cannot be a list. Write text in quotes or a number without quotes or true or false, without quotes or null.',
      ],
      [{ figures: [{ ...figure, value: '5' }] }, '"value" must be a number without quotes, but is text.'],
      [{ figures: [{ ...figure, unit: undefined }] }, 'Give the unit of the figure: people, percent, GBP.'],
      [{ type: 'policy.anounced' }, 'There is no type "policy.anounced". Did you mean policy.announced?'],
      [{ type: 5 }, '"type" must be text in quotes, such as "policy.announced".'],
      [{ key: 'Toll Announced' }, 'Write it in lower-case letters and digits, with single hyphens between words.'],
      [{ occurred: '2025-02-30' }, '"2025-02-30" is not a supported date. February 2025 has 28 days.'],
      [{ occurred: '2024-02/2024-02-30' }, '"2024-02/2024-02-30" is not a supported date. February 2024 has 29 days.'],
      [{ occurred: '2025-13' }, '"2025-13" is not a supported date. There is no month 13: months go from 01 to 12.'],
      [
        { occurred: '2025-21' },
        '"2025-21" is not a supported date. Seasons and quarters are not supported: write the months, such as 2025-03/2025-05.',
      ],
      [
        { occurred: '20XX' },
        '"20XX" is not a supported date. Digits cannot be left open: write a set, such as [2020..2029].',
      ],
      [
        { occurred: '10/07/2025' },
        '"10/07/2025" is not a supported date. Write the year first, then month and day: 2025-07-10.',
      ],
      [
        { occurred: '2025-7-1' },
        '"2025-7-1" is not a supported date. Write month and day with two digits: 2025-07-01.',
      ],
      [
        { occurred: '2025-07-10T10:00Z' },
        '"2025-07-10T10:00Z" is not a supported date. It has no time of day: write the day alone, such as 2025-07-10.',
      ],
      [
        { occurred: '[2025-04..2025-07-06]' },
        '"[2025-04..2025-07-06]" is not a supported date. Both ends of a set need the same precision: two days, two months or two years.',
      ],
      [
        { occurred: '[2025-04~..2025-07]' },
        '"[2025-04~..2025-07]" is not a supported date. The ends of a set cannot be approximate: remove ~ and ?.',
      ],
      [
        { publishedAt: '2025-07' },
        '"2025-07" is not a supported time of publication. Write a full day (2025-07-10) or an instant with its offset (2025-07-10T09:30:00Z).',
      ],
      [
        { publishedAt: '2025-07-10T09:30:00' },
        '"2025-07-10T09:30:00" is not a supported time of publication. Its offset from UTC is missing, such as Z or +01:00. Write a full day (2025-07-10) or an instant with its offset (2025-07-10T09:30:00Z).',
      ],
    ]),
  )('%s', (_case, more, message) => {
    expect(said(more)).toEqual([message]);
  });

  it.each<[object, string]>([
    [
      { changes: { key: 'another' } },
      '"key" cannot be changed by a correction. Retract the event and record it again under another key.',
    ],
    [
      { changes: { summary: 'Else.' }, terms: [] },
      'There is no field "terms" here. A correction gives new values in "changes": move it there, or remove it.',
    ],
    [{ changes: { sumary: 'Else.' } }, 'There is no field "sumary" here. Did you mean summary?'],
  ])('in a correction: %j', (more, message) => {
    const { epistemic: _epistemic, sources: _sources, ...common } = announced;
    const correction = { ...common, type: 'record.corrected', target: 'another', reason: 'Mistyped.', ...more };
    expect(rejections(correction).map((rejection) => rejection.message)).toEqual([message]);
  });

  it('about a registration too', () => {
    const parsed = parseRegistration({ slug: 'toll', titel: 'Toll', kind: 'sceme', jurisdiction: 'GB' });
    expect(parsed.ok ? [] : parsed.rejections.map(({ message }) => message)).toEqual([
      'There is no field "titel" here. Did you mean title?',
      '"title" is required. Add it.',
      '"sceme" is not a valid value of "kind". Did you mean scheme? Use one of: scheme, agreement, target, rule, law, institution, operation, pledge, series.',
    ]);
  });
});

const WRONG: readonly unknown[] = [null, true, -1.5, 1e300, '', 'x y', [], [null], {}, { x: 1 }, [[{}]]];

/** The value with one member, at any depth, replaced by a wrong value, in every way. */
function* spoiled(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const wrong of spoiled(item)) yield value.map((other: unknown, at) => (at === index ? wrong : other));
    return;
  }
  for (const [name, member] of Object.entries(value))
    for (const wrong of spoiled(member)) yield { ...value, [name]: wrong };
}

const LIBRARY_WORDS = /Invalid|expected|received|Too (?:big|small)|Unrecognized|Required|[<>]=|undefined|NaN|\[object/;

/** Every message about a type's example with one field spoiled, for the fields that no earlier type had. */
function messagesAbout({ entry, reads }: GoldenExample, done: Set<string>): readonly string[] {
  const parse = (input: unknown) =>
    entry.type === REGISTERED ? parseRegistration(input) : parseEventBody(input, 'Europe/London');
  const fresh = Object.keys(reads).filter((field) => field === 'source' || !done.has(field));
  for (const field of fresh) done.add(field);
  return fresh
    .flatMap((field) => [...spoiled(reads[field])].map((wrong) => parse({ ...reads, [field]: wrong })))
    .flatMap((parsed) => (parsed.ok ? [] : parsed.rejections.map(({ message }) => message)));
}

it('no message is in the words of a library, whatever is wrong', () => {
  const done = new Set<string>();
  const messages = new Set(goldenExamples.flatMap((example) => messagesAbout(example, done)));
  expect(messages.size).toBeGreaterThan(100);
  for (const message of messages) {
    expect(message).not.toMatch(LIBRARY_WORDS);
    expect(message).toMatch(/^["A-Z0-9].*[.?]$/s);
  }
});

it('a text of nothing but spaces is no text', () => {
  const retraction = {
    key: 'back',
    type: 'record.retracted',
    policy: 'toll',
    target: 'paused',
    occurred: '2024-01-01',
    publishedAt: '2024-01-01',
    summary: ' \n ',
    reason: '  ',
  };
  const parsed = parseEventBody(retraction, 'Europe/London');
  const told = parsed.ok ? [] : parsed.rejections.map(({ code, pointer }) => `${code} ${pointer}`);
  expect(told).toEqual(['missing-reason /reason', 'invalid-value /summary']);
});
