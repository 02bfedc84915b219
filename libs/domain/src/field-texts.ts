import type { Json } from './json.js';
import { EDTF_FORMS } from './world-date.js';
import { WORD_MEANINGS, describeWords } from './word-meanings.js';
import { SERVICE } from './words.js';

/** What a field is for, and values that it takes; documents of the interface show both. */
export interface FieldText extends Readonly<Record<string, unknown>> {
  readonly description: string;
  readonly examples: Json[];
}

type Texts = Readonly<Record<string, FieldText>>;

const field = (description: string, ...examples: Json[]): FieldText => ({ description, examples });

const DATE = `A date (EDTF) as sharp as the source allows: ${EDTF_FORMS}.`;

/** Texts of the fields that every event can have. */
export const commonTexts = {
  key: field(
    'Short name of the event, chosen by the recorder, unique in the whole log and never reused. Links and corrections name it. Lower-case letters, digits and single hyphens; at most 120 characters.',
    'toll-announced',
  ),
  policy: field(
    'Slug of the policy that the event is about. The event changes the state of this policy only.',
    'harbour-toll',
  ),
  alsoPolicies: field(
    'Slugs of further policies that the event concerns. It appears on their timelines and does not change their state.',
    ['port-pass'],
  ),
  occurred: field(
    `When it happened. ${DATE} Where no source gives a date, write \`[..<day of publication>]\`: on that day at the latest.`,
    '2024-03-05',
    '[..2024-03-06]',
  ),
  effective: field(
    'When what the event says holds, if that is not from `occurred` on: decided on 5 March, in force from 1 April. At least one of `from` and `to`.',
    { from: '2024-04-01' },
    { from: '2024-08-05', to: '2024-08-18' },
  ),
  publishedAt: field(
    'When the earliest known source was published: a full day, or an instant with its offset. From then on the event was publicly known. Not later than now, unless `forthcoming` is true.',
    '2024-03-06',
    '2024-03-06T09:30:00+01:00',
  ),
  actors: field('Who acted. With `stance`, whose position it is.', [
    { name: 'Ana Ruiz', kind: 'person', role: 'transport minister', onBehalfOf: 'Transport Ministry' },
  ]),
  counterparties: field('The other side: of a negotiation, an agreement, a court case.', [
    { name: 'Norland', kind: 'country' },
  ]),
  attributedTo: field('Who says so, where that is not one of the actors: the author of a claim about somebody else.', [
    { name: 'Hauliers’ Union', kind: 'organisation' },
  ]),
  via: field('Outlets that the statement came through, such as the interview in which it was made.', [
    { publisher: 'Coast Radio', form: 'interview', date: '2024-02-10' },
  ]),
  summary: field(
    'What happened, in one sentence that can be read alone. At most 280 characters.',
    'The transport minister announced a toll of 7 pounds from April 2024.',
  ),
  status: field(
    describeWords(
      'The status of the policy after the event. Absent: the default of the type, if it has one. `null`: the event does not change the status.',
      WORD_MEANINGS.status,
    ),
    'announced',
    null,
  ),
  stance: field(describeWords('Where each of the `actors` stands on the policy.', WORD_MEANINGS.stance), 'oppose'),
  epistemic: field(
    describeWords(
      'How well established it is. Answers show it; it does not change what the event does to the state.',
      WORD_MEANINGS.epistemic,
    ),
    'confirmed',
  ),
  modality: field(
    describeWords(
      'Whether it happened, is intended, or depends on something. Answers show it; it does not change what the event does to the state. Absent: `actual`.',
      WORD_MEANINGS.modality,
    ),
    'actual',
  ),
  terms: field('What the policy provides for: one entry a term. Each replaces the earlier value of that term.', [
    { key: 'price', value: 7, unit: 'GBP' },
  ]),
  figures: field('Numbers that the event states. Each is kept as a claim of its own, beside those of other events.', [
    { measure: 'crossings', value: 41200, comparator: 'exact', unit: 'lorries', period: '2024-04' },
  ]),
  plannedFor: field(
    `For when the event plans, promises or forecasts something. ${DATE} A later event ends the plan by a link \`fulfils\`, \`falsifies\` or \`supersedes\`.`,
    '2024-04',
  ),
  links: field('How the event relates to others that are on record, or stand in the same import.', [
    { rel: 'follows', to: 'toll-announced' },
  ]),
  sources: field('Where it is told. At least one, except for events about records.', [
    {
      publisher: 'Harbour Gazette',
      title: 'Lorries to pay at the old harbour',
      url: 'https://gazette.example/toll',
      publishedAt: '2024-03-06',
      genre: 'news',
    },
  ]),
  ordinal: field(
    'Place among the events of one source that happened on one day: 0, 1, 2, … The higher one comes later. Absent: 0.',
    1,
  ),
  forthcoming: field(
    'Recorded ahead of its publication: allows a `publishedAt` that lies in the future. It hides nothing: a `knownAt` beyond its publication shows the event, and streams, proofs and exports hold it from the start.',
    true,
  ),
  embargoed: {
    ...field('The older name of `forthcoming`: it means the same and hides nothing, either.', true),
    deprecated: true,
  },
  note: field(
    'Remarks of the recorder: doubts, reasons for a date. It can be erased later. At most 10,000 characters.',
    'The gazette gives no day.',
  ),
} satisfies Texts;

/** Texts of the fields that single types add. */
export const ownTexts = {
  undoes: field('Key of the event that is undone, such as the announcement.', 'toll-announced'),
  by: field('Slug of the policy that replaced this one.', 'port-pass'),
  title: field('The new title of the policy.', 'Harbour lorry toll'),
  kind: field(describeWords('The new kind of the policy.', WORD_MEANINGS.kind), 'scheme'),
  jurisdiction: field('The new jurisdiction: a code of ISO 3166-1 or 3166-2, or `EU`.', 'GB', 'GB-SCT', 'EU'),
  aliases: field('All other slugs under which the policy is found, from now on.', ['lorry-toll']),
  stage: field('The stage that was reached, in a few words.', 'second reading'),
  host: field('Name of the country. Absent: the first country among the actors.', 'Norland'),
  instrument: field('Slug of the bill, act or treaty. Absent: the slug of the policy.', 'tolls-bill'),
  outcome: field(describeWords('What the court decided.', WORD_MEANINGS.outcome), 'lawful'),
  target: field('Key of the event that this one speaks of, of the same policy.', 'toll-announced'),
  reason: field('Why, for readers who were not there. At most 10,000 characters.', 'The price was mistyped.'),
  source: field('The source. Of one that was withdrawn, publisher and title as they were recorded.', {
    publisher: 'Harbour Gazette',
    title: 'Lorries to pay at the old harbour',
    publishedAt: '2024-03-06',
    genre: 'news',
  }),
  changes: field(
    'The fields to replace, each with its whole new value; `null` empties a field. What a correction of a correction has to change is its `changes`.',
    { terms: [{ key: 'price', value: 8, unit: 'GBP' }] },
    { note: null },
  ),
  projection: field('The read model that could not process the event.', 'timeline'),
  size: field('The number of entries that the earlier checkpoint was signed over.', 120),
  root: field(
    'The root that the earlier checkpoint was signed over, in base64.',
    'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
  ),
} satisfies Texts;

/** Text of the policy of an event that is about no single one. */
export const servicePolicyText = field(
  'Stands for the service as a whole: the event is about no single policy.',
  SERVICE,
);

/** Text of the source that a publisher withdrew, which is named and not cited again. */
export const retractableText = field(
  'Key of the event that is retracted, of the same policy; or `registered:<slug>`, which withdraws the policy when no event about it is in force.',
  'toll-announced',
  'registered:harbour-toll',
);

export const withdrawnSourceText = field('The source that was withdrawn: publisher and title as they were recorded.', {
  publisher: 'Harbour Gazette',
  title: 'Lorries to pay at the old harbour',
});

/** Texts of the ends of `effective`. */
export const effectiveTexts = {
  from: field(`The first day. ${DATE}`, '2024-04-01'),
  to: field(`The last day, inclusive. ${DATE}`, '2024-08-18'),
} satisfies Texts;

/** Texts of an actor, and so of counterparties and those to whom something is attributed. */
export const actorTexts = {
  name: field(
    'Name in full, always spelt alike: it is how positions, negotiations and filters know the actor. At most 200 characters.',
    'Ana Ruiz',
  ),
  kind: field(describeWords('What the actor is.', WORD_MEANINGS.actorKind), 'person'),
  role: field('The office or part in which they acted, at that time.', 'transport minister'),
  onBehalfOf: field('Name of the organisation or country for which they acted.', 'Transport Ministry'),
  anonymous: field('The source does not name them; `name` then says what it calls them.', true),
  private: field(
    'The name can be erased later: the log holds a commitment to it instead of the name. It hides nothing: until it is erased, the name is answered to everybody, in proofs too.',
    true,
  ),
} satisfies Texts;

/** Texts of an outlet. */
export const viaTexts = {
  publisher: field('The outlet.', 'Coast Radio'),
  form: field('The form in which it came: interview, letter, press conference.', 'interview'),
  date: field(`When it came through that outlet. ${DATE}`, '2024-02-10'),
} satisfies Texts;

/** Texts of a term. */
export const termTexts = {
  key: field('Short name of the term. An event gives each term once.', 'price'),
  value: field('Text, number, true or false. `null`: the policy has no such term any more.', 7, 'weekdays', true, null),
  unit: field(
    'What a number counts, as one word. Money begins with its ISO 4217 code.',
    'GBP',
    'GBP-per-crossing',
    'days',
  ),
} satisfies Texts;

/** Texts of a figure. */
export const figureTexts = {
  measure: field('Short name of what is counted. The same for all figures that are to be compared.', 'crossings'),
  value: field('The number; `null` where the source gives none.', 41200, null),
  comparator: field(describeWords('How the number is meant.', WORD_MEANINGS.comparator), 'exact'),
  unit: field(
    'What the number counts, as one word. Money begins with its ISO 4217 code.',
    'lorries',
    'percent',
    'GBP',
    'GBP-per-crossing',
  ),
  period: field('The time that the number covers: a date (EDTF), an ISO 8601 duration, or `null`.', '2024-04', 'P1Y'),
  comparedTo: field(
    'For a change: the period with which it compares, as a date (EDTF) or `preceding` with a duration, or `null`.',
    '2023',
    'preceding P1Y',
  ),
  purpose: field('What the number is for, where one measure serves several: target, budget, estimate.', 'target'),
} satisfies Texts;

/** Texts of a link. */
export const linkTexts = {
  rel: field(describeWords('How this event relates to the other.', WORD_MEANINGS.rel), 'follows'),
  to: field('Key of the other event.', 'toll-announced'),
} satisfies Texts;

/** Texts of a source. */
export const sourceTexts = {
  publisher: field('Who published it.', 'Harbour Gazette'),
  title: field(
    'Its title. With the publisher it names the source. At most 500 characters.',
    'Lorries to pay at the old harbour',
  ),
  url: field('Its address, beginning with http:// or https://.', 'https://gazette.example/toll'),
  publishedAt: field(
    'When this source was published: a full day, or an instant with its offset. For citation: the `publishedAt` of the event says since when it was known.',
    '2024-03-06',
  ),
  genre: field(describeWords('What sort of source it is.', WORD_MEANINGS.genre), 'news'),
  sha256: field('SHA-256 of the copy that was read, as 64 hexadecimal digits.', 'a'.repeat(64)),
  locator: field('Where in the source: page, paragraph, minute.', 'page 3'),
} satisfies Texts;

/** Texts of a policy's registration. */
export const registrationTexts = {
  slug: field(
    'Short name of the policy in addresses; it never changes. Lower-case letters, digits and single hyphens; at most 120 characters.',
    'harbour-toll',
  ),
  title: field('What readers call it. At most 200 characters.', 'Harbour toll'),
  kind: field(describeWords('What sort of policy it is.', WORD_MEANINGS.kind), 'scheme'),
  jurisdiction: field('Where it applies: a code of ISO 3166-1 or 3166-2, or `EU`.', 'GB', 'GB-SCT', 'EU'),
  aliases: field('Other slugs under which it is found. No two policies share one.', ['toll']),
} satisfies Texts;
