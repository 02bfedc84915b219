import { isDeepStrictEqual } from 'node:util';
import type { EventBody, Source, SourceName } from '../schema/event.js';
import type { Json } from '../values/json.js';
import { editDistance } from '../values/near-words.js';
import { presentBody, presentFields } from '../bodies/input-form.js';
import { type Instant, parseDay } from '../values/time.js';
import { endOfDay } from '../values/world-date.js';
import { parsePublication } from '../values/world-date.js';

/** The codes of all warnings, in the order in which they are reported. */
export const WARNING_CODES = {
  'published-before-it-happened': 'The event was published before the earliest moment at which it can have happened.',
  'source-published-later': 'A source was published later than the `publishedAt` of the event.',
  'far-ahead': 'A date is more than a year in the future.',
  'target-retracted': 'The target is already retracted.',
  'no-effect': 'The event changes nothing on record.',
  'near-name': 'A name that was never recorded before is very similar to one that was.',
} as const;

export type WarningCode = keyof typeof WARNING_CODES;

/** A doubt about an event that is accepted all the same: what, where, and what to look at. */
export interface Warning {
  readonly code: WarningCode;
  /** JSON Pointer (RFC 6901) into the body. */
  readonly pointer: string;
  readonly message: string;
}

/** An event that another is about, with everything that was recorded before the other. */
export interface TargetOnRecord {
  /** In force. */
  readonly body: EventBody;
  readonly retracted: boolean;
  readonly sources: readonly SourceName[];
}

/** The context that warnings depend on, beside the body. */
export interface WarningContext {
  readonly now: Instant;
  /** The zone in which days are read. */
  readonly zone: string;
  /** The event that the body is about, where it is about one. */
  readonly target?: TargetOnRecord | undefined;
  /** The known name that one never recorded before is nearly; undefined for a known one, or where none is near. */
  readonly nearName?: ((kind: NamedKind, name: string) => string | undefined) | undefined;
}

/** The kinds of names that are compared: actors (with counterparties and claimants), publishers, measures. */
export type NamedKind = 'actor' | 'publisher' | 'measure';

/** A name in a body, with its location. */
export interface NameGiven {
  readonly kind: NamedKind;
  readonly name: string;
  readonly pointer: string;
}

/** The warnings about an event that is accepted. Pure; ordered by the list of codes. */
export function warningsOf(body: EventBody, context: WarningContext): readonly Warning[] {
  return [
    ...publishedTooEarly(body),
    ...laterSources(body, context.zone),
    ...farAhead(body, context.now),
    ...(context.target ? aboutTarget(body, context.target) : []),
    ...nearNames(body, context),
  ];
}

/** A plan is published before what it plans, and should be. */
function publishedTooEarly({ occurred, publishedAt, modality = 'actual' }: EventBody): readonly Warning[] {
  if (modality !== 'actual' || publishedAt.from >= occurred.earliest) return [];
  return [
    {
      code: 'published-before-it-happened',
      pointer: '/publishedAt',
      message: `The event was published (${publishedAt.text}) before it happened (${occurred.edtf}). Check both dates; if it is only planned, set its modality to "planned".`,
    },
  ];
}

function laterSources({ publishedAt, sources = [], source }: EventBody, zone: string): readonly Warning[] {
  const cited = [
    ...sources.map((each, index) => ({ source: each, pointer: `/sources/${index}/publishedAt` })),
    ...(isWhole(source) ? [{ source, pointer: '/source/publishedAt' }] : []),
  ];
  const end = parseDay(publishedAt.text) ? endOfDay(publishedAt.text, zone) : publishedAt.from;
  return cited
    .filter(({ source: { publishedAt: text } }) => (parsePublication(text, zone)?.from ?? end) > end)
    .map(({ source: { title, publishedAt: text }, pointer }) => ({
      code: 'source-published-later',
      pointer,
      message: `"${title}" was published on ${text}, after the publishedAt of the event (${publishedAt.text}). Give the event the date of its earliest source.`,
    }));
}

const isWhole = (source: EventBody['source']): source is Source => source !== undefined && 'genre' in source;

const YEAR_MS = 366 * 24 * 60 * 60 * 1000;

function farAhead({ occurred, publishedAt, effective }: EventBody, now: Instant): readonly Warning[] {
  const dates = [
    { pointer: '/occurred', at: occurred.earliest, text: occurred.edtf },
    { pointer: '/publishedAt', at: publishedAt.from, text: publishedAt.text },
    ...(effective?.from
      ? [{ pointer: '/effective/from', at: effective.from.earliest, text: effective.from.edtf }]
      : []),
  ];
  return dates
    .filter(({ at }) => at > now + YEAR_MS)
    .map(({ pointer, text }) => ({
      code: 'far-ahead',
      pointer,
      message: `${text} is more than a year in the future. Check the year.`,
    }));
}

function aboutTarget(body: EventBody, target: TargetOnRecord): readonly Warning[] {
  if (target.retracted)
    return [
      {
        code: 'target-retracted',
        pointer: '/target',
        message: `"${target.body.key}" is already retracted, so this has no effect while the retraction is in force. To undo a retraction, retract the retraction.`,
      },
    ];
  const found = withoutEffect(body, target);
  return found ? [{ code: 'no-effect', ...found }] : [];
}

function withoutEffect(body: EventBody, target: TargetOnRecord): Pick<Warning, 'pointer' | 'message'> | undefined {
  const { type, changes, source } = body;
  if (type === 'record.corrected' && changes && isSaidAlready(presentFields({ ...changes }), target.body))
    return { pointer: '/changes', message: 'The event already says all of this. Check the values.' };
  if (!source) return undefined;
  const isThere = target.sources.some(
    ({ publisher, title }) => publisher === source.publisher && title === source.title,
  );
  if (type === 'source.attached' && isThere && !mayDate(body, target.body))
    return {
      pointer: '/source',
      message: `The event already has the source "${source.title}" by ${source.publisher}. Check title and publisher.`,
    };
  if (type === 'source.retracted' && !isThere)
    return {
      pointer: '/source',
      message: `The event has no source "${source.title}" by ${source.publisher} yet. Check title and publisher; both must match a source of the event.`,
    };
  return undefined;
}

/** True if an attached source may change when the event was public, or had happened. */
const mayDate = ({ publishedAt: { from } }: EventBody, { publishedAt: own, occurred }: EventBody): boolean =>
  from < own.from || (own.from < occurred.earliest && occurred.earliest <= from && from <= occurred.latest);

/** True when every changed field has its new value already; `null` and absent are the same but for a status. */
function isSaidAlready(changes: Readonly<Record<string, unknown>>, body: EventBody): boolean {
  const said: Readonly<Record<string, Json>> = presentBody(body);
  return Object.entries(changes).every(([field, value]) =>
    isDeepStrictEqual(field === 'status' ? value : (value ?? undefined), said[field]),
  );
}

function nearNames(body: EventBody, { nearName }: WarningContext): readonly Warning[] {
  if (!nearName) return [];
  return namesGivenIn(body).flatMap(({ kind, name, pointer }) => {
    const near = nearName(kind, name);
    if (near === undefined) return [];
    const message = `No ${kind} "${name}" was recorded before. Did you mean "${near}"?`;
    return [{ code: 'near-name' as const, pointer, message }];
  });
}

/** The names of a body that may be slips of others. Names marked private are left out: they can be erased. */
export function namesGivenIn(body: EventBody): readonly NameGiven[] {
  const actors = (['actors', 'counterparties', 'attributedTo'] as const).flatMap((field) =>
    (body[field] ?? []).flatMap((actor, index): readonly NameGiven[] =>
      typeof actor.name === 'string' && actor.private !== true
        ? [{ kind: 'actor', name: actor.name, pointer: `/${field}/${index}/name` }]
        : [],
    ),
  );
  const publishers = (body.sources ?? []).map(({ publisher }, index): NameGiven => ({
    kind: 'publisher',
    name: publisher,
    pointer: `/sources/${index}/publisher`,
  }));
  const measures = (body.figures ?? []).map(({ measure }, index): NameGiven => ({
    kind: 'measure',
    name: measure,
    pointer: `/figures/${index}/measure`,
  }));
  return [...actors, ...publishers, ...measures];
}

/** Shorter names differ from others by a letter without being slips of them. */
const SHORTEST_SLIP = 5;

/** A name of so many letters may have two wrong. */
const TWO_SLIPS = 10;

/** The known name that an unknown one is probably a slip of: but for case and a letter or two, digits apart, the same. */
export function slipOf(name: string, known: Iterable<string>): string | undefined {
  if (name.length < SHORTEST_SLIP) return undefined;
  const given = name.toLowerCase();
  const most = given.length < TWO_SLIPS ? 1 : 2;
  for (const other of known) {
    if (Math.abs(other.length - name.length) > most) continue;
    const word = other.toLowerCase();
    if (withoutDigits(word) === withoutDigits(given) && word !== given) continue;
    if (editDistance(given, word) <= most) return other;
  }
  return undefined;
}

const withoutDigits = (text: string): string => text.replaceAll(/\d/g, '');
