import { DATE_PRECISIONS, parseDay, parseInstant, formatInstant } from '#domain';
import { dayColumn, instantColumn, integerColumn, textColumn, wordColumn } from './fields.js';
import { type TableCell, type DayOf, type Item, cellOf } from './table.js';

/** The columns that say which event a row is about. */
export const whichEvent = {
  policy: textColumn('Slug of the policy.'),
  policyTitle: textColumn('Title of the policy at the recorded time.'),
  event: textColumn('Key of the event.'),
};

/** When the event was published, as it says itself, and on which day that was. */
export const publicationColumns = {
  publishedAt: textColumn('When it was published: a full day, or an instant with its offset.').nullable(),
  publishedOn: dayColumn('The day of `publishedAt`, in the time zone of the service.').nullable(),
};

/** From when on the event could be known, and where the log has it. */
export const knowledge = {
  knownFrom: instantColumn('The first instant at which the event could be known.'),
  knownOn: dayColumn('The day of `knownFrom`, in the time zone of the service.'),
  position: integerColumn('Position of the event in the log.'),
};

/** When the event happened. */
export const occurrence = {
  occurred: textColumn(
    'When it happened, as the body in force says (EDTF); `null`: the log did not take the event.',
  ).nullable(),
  occurredFrom: instantColumn('Not before, links to other events considered; `null`: open.').nullable(),
  occurredTo: instantColumn('Not after, links to other events considered; `null`: open.').nullable(),
  occurredPrecision: wordColumn(
    DATE_PRECISIONS,
    'How closely `occurred` names it; `unknown` where it is only bounded on one side.',
  ),
};

/** The first source of the event. */
export const firstSource = {
  sourcePublisher: textColumn('Publisher of its first source that was not withdrawn; `null`: none is left.').nullable(),
  sourceTitle: textColumn('Title of that source.').nullable(),
  sourceUrl: textColumn('Address of that source; `null`: none is known.').nullable(),
};

/** What a row of a read model tells of its event, after its own columns. */
export const ofEvent = { ...occurrence, ...publicationColumns, ...knowledge, ...firstSource };

/** The cells of {@link ofEvent} that no field of an item has under their names. */
export const fromEvent = {
  publishedOn: (item: Item, dayOf: DayOf): TableCell => publicationDay(item['publishedAt'], dayOf),
  knownOn: (item: Item, dayOf: DayOf): TableCell => dayIn(item['knownFrom'], dayOf),
  sourcePublisher: (item: Item): TableCell => cellOf(partOf(item['source'], 'publisher')),
  sourceTitle: (item: Item): TableCell => cellOf(partOf(item['source'], 'title')),
  sourceUrl: (item: Item): TableCell => cellOf(partOf(item['source'], 'url')),
};

/** A part of a value; undefined where the value has no parts. */
export const partOf = (value: unknown, name: string): unknown => (isItem(value) ? value[name] : undefined);

/** The members of a list that have parts; none of anything else. */
export const itemsIn = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.filter(isItem) : []);

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;

const dayIn = (at: unknown, dayOf: DayOf): TableCell => (typeof at === 'string' ? dayOf(at) : null);

/** The day of a publication, which says a day, or an instant with any offset. */
export function publicationDay(given: unknown, dayOf: DayOf): TableCell {
  if (typeof given !== 'string') return null;
  if (parseDay(given) !== undefined) return given;
  const at = parseInstant(given);
  return at === undefined ? null : dayOf(formatInstant(at));
}
