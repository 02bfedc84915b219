import type { Json } from '../values/json.js';
import { EDTF_FORMS } from '../values/world-date.js';
import { WORD_MEANINGS, describeWords } from './word-meanings.js';
import { SERVICE } from './words.js';

/** The description and examples of a field, which the documents of the interface show. */
export interface FieldText extends Readonly<Record<string, unknown>> {
  readonly description: string;
  readonly examples: Json[];
}

type Texts = Readonly<Record<string, FieldText>>;

const field = (description: string, ...examples: Json[]): FieldText => ({ description, examples });

const DATE = `A date (EDTF), as precise as the source allows: ${EDTF_FORMS}.`;

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
    'Slugs of other policies that the event concerns. It appears on their timelines and does not change their state.',
    ['port-pass'],
  ),
  occurred: field(
    `When it happened. ${DATE} If no source gives a date, write \`[..<day of publication>]\`: it happened on that day at the latest.`,
    '2024-03-05',
    '[..2024-03-06]',
  ),
  effective: field(
    'The period in which the effect of the event applies, if it does not start with `occurred`: decided on 5 March, in force from 1 April. Give at least one of `from` and `to`.',
    { from: '2024-04-01' },
    { from: '2024-08-05', to: '2024-08-18' },
  ),
  publishedAt: field(
    'When the earliest known source was published: a full day, or an instant with its offset. The event has been publicly known since then. It cannot be later than now, unless `forthcoming` is true.',
    '2024-03-06',
    '2024-03-06T09:30:00+01:00',
  ),
  actors: field('Who acted. With `stance`: whose position it is.', [
    { name: 'Ana Ruiz', kind: 'person', role: 'transport minister', onBehalfOf: 'Transport Ministry' },
  ]),
  counterparties: field('The other side of a negotiation, an agreement or a court case.', [
    { name: 'Norland', kind: 'country' },
  ]),
  attributedTo: field('Who says so, if it is not one of the actors: the author of a claim about somebody else.', [
    { name: 'Hauliers’ Union', kind: 'organisation' },
  ]),
  via: field('Where the statement was made or carried, such as an interview or a broadcast.', [
    { publisher: 'Coast Radio', form: 'interview', date: '2024-02-10' },
  ]),
  summary: field(
    'What happened, in one self-contained sentence. At most 280 characters.',
    'The transport minister announced a toll of 7 pounds from April 2024.',
  ),
  status: field(
    describeWords(
      'The status of the policy after the event. If absent: the default of the type, if it has one. `null`: the event does not change the status.',
      WORD_MEANINGS.status,
    ),
    'announced',
    null,
  ),
  stance: field(describeWords('Where each of the `actors` stands on the policy.', WORD_MEANINGS.stance), 'oppose'),
  epistemic: field(
    describeWords(
      'How well established the event is. Answers show it; it does not affect the state.',
      WORD_MEANINGS.epistemic,
    ),
    'confirmed',
  ),
  modality: field(
    describeWords(
      'Whether it happened, is intended, or depends on something. Answers show it; it does not affect the state. Default: `actual`.',
      WORD_MEANINGS.modality,
    ),
    'actual',
  ),
  terms: field('What the policy provides: one entry per term. Each replaces the earlier value of that term.', [
    { key: 'price', value: 7, unit: 'GBP' },
  ]),
  figures: field('Numbers that the event states. Each is kept as a separate claim, beside those of other events.', [
    { measure: 'crossings', value: 41200, comparator: 'exact', unit: 'lorries', period: '2024-04' },
  ]),
  plannedFor: field(
    `When something that the event plans, promises or forecasts is due. ${DATE} A later event ends the plan with a link \`fulfils\`, \`falsifies\` or \`supersedes\`.`,
    '2024-04',
  ),
  links: field('How the event relates to other events, which are on record or in the same import.', [
    { rel: 'follows', to: 'toll-announced' },
  ]),
  sources: field('Where it was published. At least one source, except for events about records.', [
    {
      publisher: 'Harbour Gazette',
      title: 'Lorries to pay at the old harbour',
      url: 'https://gazette.example/toll',
      publishedAt: '2024-03-06',
      genre: 'news',
    },
  ]),
  ordinal: field(
    'Order among the events of one source that happened on the same day: 0, 1, 2, … A higher number is later. Default: 0.',
    1,
  ),
  forthcoming: field(
    'The event is recorded ahead of its publication: allows a `publishedAt` in the future. It hides nothing: a read with a `knownAt` after the publication shows the event, and streams, proofs and exports contain it from the start.',
    true,
  ),
  embargoed: {
    ...field('The former name of `forthcoming`, with the same meaning; it hides nothing either.', true),
    deprecated: true,
  },
  note: field(
    'Remarks by the recorder: doubts, or the reason for a date. They can be erased later. At most 10,000 characters.',
    'The gazette gives no day.',
  ),
} satisfies Texts;

/** Texts of the fields that only some types have. */
export const ownTexts = {
  undoes: field('Key of the event that this one undoes, such as the announcement.', 'toll-announced'),
  by: field('Slug of the policy that replaced this one.', 'port-pass'),
  title: field('The new title of the policy.', 'Harbour lorry toll'),
  kind: field(describeWords('The new kind of the policy.', WORD_MEANINGS.kind), 'scheme'),
  jurisdiction: field('The new jurisdiction: an ISO 3166-1 or 3166-2 code, or `EU`.', 'GB', 'GB-SCT', 'EU'),
  aliases: field('All other slugs under which the policy is found from now on.', ['lorry-toll']),
  sameAs: field('All addresses from now on that stand for the same policy elsewhere; an empty list: none.', [
    'https://www.wikidata.org/wiki/Q98765432',
  ]),
  stage: field('The stage reached, in a few words.', 'second reading'),
  host: field('Name of the country. Default: the first country among the actors.', 'Norland'),
  instrument: field('Slug of the bill, act or treaty. Default: the slug of the policy.', 'tolls-bill'),
  outcome: field(describeWords('What the court decided.', WORD_MEANINGS.outcome), 'lawful'),
  target: field('Key of the event that this one is about. It belongs to the same policy.', 'toll-announced'),
  reason: field('Why, for those who read the record later. At most 10,000 characters.', 'The price was mistyped.'),
  source: field('The source. For a withdrawn source: its publisher and title, as they were recorded.', {
    publisher: 'Harbour Gazette',
    title: 'Lorries to pay at the old harbour',
    publishedAt: '2024-03-06',
    genre: 'news',
  }),
  changes: field(
    'The fields to replace, each with its whole new value; `null` empties a field. To correct a correction, replace its `changes`.',
    { terms: [{ key: 'price', value: 8, unit: 'GBP' }] },
    { note: null },
  ),
  projection: field('The read model that could not process the event.', 'timeline'),
  size: field('The number of entries that the earlier checkpoint covers.', 120),
  root: field('The root hash in the earlier checkpoint, in base64.', 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='),
} satisfies Texts;

/** Text of the policy of an event that is about no single one. */
export const servicePolicyText = field('The service as a whole: the event is not about a single policy.', SERVICE);

/** Text of the target of a retraction. */
export const retractableText = field(
  'Key of the event to retract, which belongs to the same policy; or `registered:<slug>`, which withdraws the policy if no event about it is in force.',
  'toll-announced',
  'registered:harbour-toll',
);

/** Text of a source that a publisher withdrew, which is named and not cited again. */
export const withdrawnSourceText = field('The withdrawn source: its publisher and title, as they were recorded.', {
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
    'Full name, always spelt the same way: positions, negotiations and filters identify the actor by it. At most 200 characters.',
    'Ana Ruiz',
  ),
  kind: field(describeWords('What the actor is.', WORD_MEANINGS.actorKind), 'person'),
  role: field('The office or capacity in which they acted at the time.', 'transport minister'),
  onBehalfOf: field('Name of the organisation or country on whose behalf they acted.', 'Transport Ministry'),
  anonymous: field('The source does not name the actor; `name` is then how the source describes them.', true),
  private: field(
    'Allows the name to be erased later: the log stores a commitment instead of the name. It hides nothing: until it is erased, answers and proofs show the name to everybody.',
    true,
  ),
} satisfies Texts;

/** Texts of an outlet. */
export const viaTexts = {
  publisher: field('The outlet.', 'Coast Radio'),
  form: field('The form of the statement: interview, letter, press conference.', 'interview'),
  date: field(`When the outlet carried it. ${DATE}`, '2024-02-10'),
} satisfies Texts;

/** Texts of a term. */
export const termTexts = {
  key: field('Short name of the term. An event gives each term at most once.', 'price'),
  value: field('Text, a number, true or false. `null`: the policy no longer has this term.', 7, 'weekdays', true, null),
  unit: field(
    'The unit of a number, as one word. Money begins with its ISO 4217 code.',
    'GBP',
    'GBP-per-crossing',
    'days',
  ),
} satisfies Texts;

/** Texts of a figure. */
export const figureTexts = {
  measure: field(
    'Short name of what is measured. Use the same name for all figures that are to be compared.',
    'crossings',
  ),
  value: field('The number; `null` if the source gives none.', 41200, null),
  comparator: field(describeWords('How exact the number is.', WORD_MEANINGS.comparator), 'exact'),
  unit: field(
    'The unit of the number, as one word. Money begins with its ISO 4217 code.',
    'lorries',
    'percent',
    'GBP',
    'GBP-per-crossing',
  ),
  period: field('The time that the number covers: a date (EDTF), an ISO 8601 duration, or `null`.', '2024-04', 'P1Y'),
  comparedTo: field(
    'For a change: the period it is compared with, as a date (EDTF), as `preceding` with a duration, or `null`.',
    '2023',
    'preceding P1Y',
  ),
  purpose: field('What the number is used for, if one measure has several uses: target, budget, estimate.', 'target'),
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
    'Its title. Publisher and title together identify the source. At most 500 characters.',
    'Lorries to pay at the old harbour',
  ),
  url: field('Its address, beginning with http:// or https://.', 'https://gazette.example/toll'),
  publishedAt: field(
    'When this source was published: a full day, or an instant with its offset. This is for the citation; since when the event was known is the `publishedAt` of the event.',
    '2024-03-06',
  ),
  genre: field(describeWords('The kind of source.', WORD_MEANINGS.genre), 'news'),
  sha256: field('SHA-256 of the copy that was read, as 64 hexadecimal digits.', 'a'.repeat(64)),
  locator: field('Where in the source: page, paragraph, minute.', 'page 3'),
} satisfies Texts;

/** Texts of a policy's registration. */
export const registrationTexts = {
  slug: field(
    'Short name of the policy in addresses; it never changes. Lower-case letters, digits and single hyphens; at most 120 characters.',
    'harbour-toll',
  ),
  title: field('The title that readers see. At most 200 characters.', 'Harbour toll'),
  kind: field(describeWords('The kind of policy.', WORD_MEANINGS.kind), 'scheme'),
  jurisdiction: field('Where it applies: an ISO 3166-1 or 3166-2 code, or `EU`.', 'GB', 'GB-SCT', 'EU'),
  aliases: field('Other slugs under which it is found. No two policies share a slug or an alias.', ['toll']),
  sameAs: field(
    'Addresses that stand for the same policy elsewhere, such as its item in Wikidata or the act on legislation.gov.uk. Each begins with http:// or https://; at most 200.',
    ['https://www.wikidata.org/wiki/Q98765432'],
  ),
} satisfies Texts;
