import fc from 'fast-check';
import {
  type EventBody,
  type Instant,
  type Link,
  type RecordedEvent,
  type Term,
  type WorldDate,
  BEGINNING,
  FOREVER,
  instant,
  position,
  revision,
} from '#domain';

/**
 * Random corpora of one policy's events, and coordinates that lie on and beside every boundary in them.
 *
 * Time is a toy: a day lasts ten instants and a month thirty, so that equal instants, overlaps and near misses are
 * common. Every kind of date, effective interval, correction, retraction, source and dating link occurs.
 */
export interface Corpus {
  readonly events: readonly RecordedEvent[];
}

const LAST_DAY = 12;

const dayNumber = fc.integer({ min: 0, max: LAST_DAY });
const date = (edtf: string, from: number, to: number): WorldDate => ({
  edtf,
  earliest: instant(from),
  latest: instant(to),
});

const day = dayNumber.map((n) => date('2024-01-01', n * 10, n * 10 + 9));
const month = dayNumber.map((n) => date('2024-01', n * 10, n * 10 + 29));
const within = fc
  .tuple(dayNumber, fc.integer({ min: 0, max: 3 }))
  .map(([n, days]) => date('[2024-01-01..2024-01-03]', n * 10, (n + days) * 10 + 9));
const noEarlierBound = dayNumber.map((n) => date('[..2024-01-01]', BEGINNING, n * 10 + 9));
const noLaterBound = dayNumber.map((n) => date('[2024-01-01..]', n * 10, FOREVER));
const anyDate = fc.oneof(
  { weight: 4, arbitrary: day },
  { weight: 2, arbitrary: month },
  { weight: 2, arbitrary: within },
  noEarlierBound,
  noLaterBound,
);

const publication = fc
  .tuple(fc.integer({ min: 0, max: LAST_DAY + 2 }), fc.constantFrom(0, 0, 0, 5))
  .map(([n, within]) => ({ text: new Date(n * 10 + within).toISOString(), from: instant(n * 10 + within) }));

const terms: fc.Arbitrary<Term[]> = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('price', 'quota'), value: fc.constantFrom(1, 2, null) }),
  { maxLength: 2, selector: ({ key }) => key },
);
const status = fc.constantFrom('announced' as const, 'paused' as const, null);
const end = fc.oneof(day, month, within);
const effective = fc
  .oneof(
    { weight: 3, arbitrary: fc.record({ to: end }) },
    { weight: 2, arbitrary: fc.record({ from: anyDate, to: end }) },
    fc.record({ from: anyDate }),
  )
  .map((interval: { from?: WorldDate; to?: WorldDate }) => interval);

/** What a plan points at is a place before it in the corpus; it wraps round, so that shrinking keeps it valid. */
const earlier = fc.nat({ max: 1000 });
const links = fc.array(
  fc.record({
    rel: fc.constantFrom('follows', 'follows', 'follows', 'refines-date-of', 'fulfils', 'supersedes', 'about'),
    to: earlier,
  }),
  { maxLength: 3 },
);

const ordinary = fc.record(
  {
    kind: fc.constant('ordinary' as const),
    type: fc.constantFrom('policy.announced', 'terms.changed', 'terms.described'),
    occurred: anyDate,
    publishedAt: publication,
    terms,
    status,
    effective,
    links,
    plannedFor: day,
    ordinal: fc.integer({ min: 0, max: 1 }),
  },
  { requiredKeys: ['kind', 'type', 'occurred', 'publishedAt', 'links'] },
);

const changes = fc.record(
  {
    occurred: anyDate,
    publishedAt: publication,
    terms: fc.option(terms),
    status: fc.option(status),
    effective: fc.option(effective),
    links: fc.option(links),
    ordinal: fc.option(fc.integer({ min: 0, max: 1 })),
  },
  { requiredKeys: [] },
);

const aboutRecords = fc.record({
  kind: fc.constantFrom('corrected' as const, 'retracted' as const, 'attached' as const, 'source-retracted' as const),
  occurred: day,
  publishedAt: publication,
  target: earlier,
  changes,
});

type Ordinary = Partial<Pick<EventBody, 'terms' | 'status' | 'ordinal'>> & {
  readonly kind: 'ordinary';
  readonly type: string;
  readonly plannedFor?: WorldDate;
  readonly occurred: WorldDate;
  readonly publishedAt: EventBody['publishedAt'];
  readonly effective?: NonNullable<EventBody['effective']>;
  readonly links?: readonly { readonly rel: Link['rel']; readonly to: number }[];
};

const plan = fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 2, arbitrary: aboutRecords });
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

/** A corpus of up to `size` events; with `distinctOrdinals` no two events tie in everything but position. */
export const corpus = ({ size = 14, distinctOrdinals = false } = {}): fc.Arbitrary<Corpus> =>
  fc.array(plan, { minLength: 1, maxLength: size }).map((plans) => ({ events: recordAll(plans, distinctOrdinals) }));

/** The corpus recorded in another order that still puts every target before what speaks of it. */
export function reorder(events: readonly RecordedEvent[], order: readonly number[]): readonly RecordedEvent[] {
  const pending = events
    .map((event, index) => ({ event, place: order[index % order.length] ?? 0 }))
    .sort((one, other) => one.place - other.place);
  const done: RecordedEvent[] = [];
  const keys = new Set<string>();
  while (pending.length > 0) {
    const index = pending.findIndex(({ event }) => event.body.target === undefined || keys.has(event.body.target));
    const [next] = pending.splice(index, 1);
    if (!next) break;
    keys.add(next.event.key);
    done.push({ ...next.event, position: position(done.length + 1), revision: revision(done.length) });
  }
  return done;
}

/** Instants on and one beside every boundary that occurs in the corpus. */
export function boundaries(events: readonly RecordedEvent[]): readonly Instant[] {
  const found = new Set<number>([0]);
  for (const { body } of events)
    for (const bound of boundsIn(body))
      if (Number.isFinite(bound)) for (const step of [-1, 0, 1]) found.add(bound + step);
  return [...found].sort((one, other) => one - other).map(instant);
}

const boundsIn = (body: Partial<EventBody>): readonly number[] => [
  ...[body.occurred, body.effective?.from, body.effective?.to].flatMap((found) =>
    found ? [found.earliest, found.latest] : [],
  ),
  ...(body.publishedAt ? [body.publishedAt.from] : []),
  ...(body.changes ? boundsIn(withoutNulls(body.changes)) : []),
];

const withoutNulls = (changed: NonNullable<EventBody['changes']>): Partial<EventBody> =>
  Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));

function recordAll(plans: readonly Plan[], distinctOrdinals: boolean): readonly RecordedEvent[] {
  const events: RecordedEvent[] = [];
  plans.forEach((planned, index) => {
    const body = bodyOf(planned, { index, events, distinctOrdinals });
    if (body) events.push(recordedAs(body, events.length));
  });
  return events;
}

interface Planning {
  readonly index: number;
  readonly events: readonly RecordedEvent[];
  readonly distinctOrdinals: boolean;
}

function bodyOf(planned: Plan, planning: Planning): EventBody | undefined {
  const common = {
    key: `event-${planning.index}`,
    policy: 'harbour-toll',
    occurred: planned.occurred,
    publishedAt: planned.publishedAt,
    summary: 'Something happened.',
    ...(planning.distinctOrdinals ? { ordinal: planning.index } : {}),
  };
  if (planned.kind === 'ordinary') return ordinaryBody(planned, common, planning);
  const target = picked(planning.events, planned.target);
  if (!target || target.type === 'source.retracted') return undefined;
  const about = { ...common, target: target.key, reason: 'We were wrong.' };
  switch (planned.kind) {
    case 'retracted':
      return { ...about, type: 'record.retracted' };
    case 'corrected':
      return { ...about, type: 'record.corrected', changes: changesOf(planned.changes, target, planning) };
    case 'attached':
      return {
        ...about,
        type: 'source.attached',
        source: { publisher: 'Coast Leaks', title: 'Earlier', publishedAt: planned.publishedAt.text, genre: 'news' },
      };
    case 'source-retracted':
      return { ...about, type: 'source.retracted', source: { publisher: 'Gazette', title: 'Report' } };
  }
}

function ordinaryBody(planned: Ordinary, common: Omit<EventBody, 'type'>, planning: Planning): EventBody {
  const { kind: _kind, links: planLinks, ordinal, ...rest } = planned;
  return {
    ...rest,
    ...common,
    ...(planLinks ? { links: linksBefore(planLinks, planning.events) } : {}),
    ...(ordinal !== undefined && !planning.distinctOrdinals ? { ordinal } : {}),
    sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: planned.publishedAt.text, genre: 'news' }],
    epistemic: 'reported',
  };
}

function changesOf(
  planned: Extract<Plan, { changes: unknown }>['changes'],
  target: RecordedEvent,
  { events, distinctOrdinals }: Planning,
): NonNullable<EventBody['changes']> {
  const { links: planLinks, ordinal, ...rest } = planned;
  // Links only ever point to events recorded before the one that has them: so no correction can close a cycle.
  const before = events.filter(({ position: place }) => place < rootOf(target, events).position);
  const change = {
    ...rest,
    ...(planLinks === undefined ? {} : { links: planLinks === null ? null : linksBefore(planLinks, before) }),
    ...(ordinal === undefined || distinctOrdinals ? {} : { ordinal }),
  };
  return target.type === 'record.corrected' && Object.keys(change).length % 2 === 0 ? { changes: change } : change;
}

function rootOf(event: RecordedEvent, events: readonly RecordedEvent[]): RecordedEvent {
  const target = events.find(({ key }) => key === event.body.target);
  return target ? rootOf(target, events) : event;
}

const linksBefore = (
  planned: readonly { readonly rel: Link['rel']; readonly to: number }[],
  events: readonly RecordedEvent[],
): Link[] =>
  planned.flatMap(({ rel, to }) => {
    const target = picked(events, to);
    return target ? [{ rel, to: target.key }] : [];
  });

const picked = (events: readonly RecordedEvent[], place: number): RecordedEvent | undefined =>
  events[place % Math.max(events.length, 1)];

const recordedAs = (body: EventBody, count: number): RecordedEvent => ({
  id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
  key: body.key,
  type: body.type,
  position: position(count + 1),
  revision: revision(count),
  recordedAt: instant(count),
  body,
});
