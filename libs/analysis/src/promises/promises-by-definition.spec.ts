import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundaries, corpus } from '../../../../test/support/events/corpus.js';
import { type Instant, type RecordedEvent, instant, position } from '#domain';
import { type Coordinate, type PolicyState, isInRecord, stateAt } from '#temporal';
import { promiseRecordOf } from './promise-record.js';
import { PROMISE_STATES, type SettledPromise, settlePromises } from './promise-states.js';

/** The events of a corpus, with types and dates that make and settle promises. */
const TYPES = [
  'policy.announced',
  'target.set',
  'forecast.made',
  'target.met',
  'target.missed',
  'policy.ended',
  'pilot.planned',
];

const typed = (events: readonly RecordedEvent[], choices: readonly number[]): readonly RecordedEvent[] =>
  events.map((event, index) => {
    if (event.body.target !== undefined) return event;
    const type = TYPES[(choices[index % choices.length] ?? 0) % TYPES.length] ?? 'policy.announced';
    return { ...event, type, body: { ...event.body, type } };
  });

const promises = fc
  .tuple(corpus({ size: 12 }), fc.array(fc.nat({ max: 20 }), { minLength: 3, maxLength: 12 }))
  .map(([{ events }, choices]) => typed(events, choices));

const asked = promises.chain((events) => {
  const instants = fc.constantFrom(...boundaries(events));
  return fc.record({
    events: fc.constant(events),
    recorded: fc.integer({ min: 1, max: Math.max(1, events.length) }).map(position),
    knownAt: instants,
    validAt: instants,
  });
});

const settledAt = (state: PolicyState, validAt: Instant): readonly SettledPromise[] =>
  settlePromises(
    promiseRecordOf({ slug: 'harbour-toll', versions: state.versions, status: state.facts.get('status') }),
    validAt,
  );

const shown = (settled: readonly SettledPromise[]) =>
  settled.map(({ promise, state, because, replaces, revisions }) => ({
    promise,
    state,
    because,
    replaces,
    revisions: revisions.map(({ event }) => event),
  }));

/** The same, from the sentences of the documentation, one set after the other and with no look-up. */
function byDefinition({ versions, facts }: PolicyState, validAt: Instant) {
  const had = versions.filter((version) => isInRecord(version) && version.settled <= validAt);
  const isPromise = ({ event: { type }, body }: (typeof had)[number]): boolean =>
    ['target.set', 'pilot.planned'].includes(type) || body.plannedFor !== undefined;
  const links = (version: (typeof had)[number], rel?: string) =>
    (version.body.links ?? []).filter((link) => rel === undefined || link.rel === rel).map(({ to }) => to);
  const isOutcome = ({ event: { type } }: (typeof had)[number]): boolean => /^target\.(met|missed)$/.test(type);
  const status = facts.get('status');
  return had.filter(isPromise).map((promise) => {
    const key = promise.event.key;
    const naming = had.filter((each) => links(each).includes(key));
    const fulfilling = naming.filter((each) =>
      isOutcome(each) ? each.event.type === 'target.met' : links(each, 'fulfils').includes(key),
    );
    const others = naming.filter((each) => !isOutcome(each) && !links(each, 'fulfils').includes(key));
    const movers = closure([key], (to) =>
      had.filter((each) => isPromise(each) && !isOutcome(each) && movesAway(each, to)).map(({ event }) => event.key),
    );
    const origins = closure([key], (from) =>
      had
        .filter(({ event }) => event.key === from && isPromise(versionOf(from)))
        .flatMap((each) => (isOutcome(each) ? [] : links(each).filter((to) => movesAway(each, to)))),
    );
    function versionOf(named: string): (typeof had)[number] {
      const found = had.find(({ event }) => event.key === named);
      if (!found) throw new Error(named);
      return found;
    }
    function movesAway(each: (typeof had)[number], to: string): boolean {
      return (
        links(each, 'supersedes').includes(to) &&
        !links(each, 'fulfils').includes(to) &&
        !links(each, 'falsifies').includes(to)
      );
    }
    const first = had.find((each) => isPromise(each) && [key, ...origins].includes(each.event.key));
    const moved = had.map(({ event }) => event.key).filter((each) => movers.includes(each));
    const common = {
      promise: key,
      replaces: first && first.event.key !== key ? first.event.key : null,
      revisions: moved,
    };
    const [fulfilled] = fulfilling;
    const due = promise.body.plannedFor;
    if (fulfilled) {
      const last = Math.min(fulfilled.latest, fulfilled.settled);
      const state = !due || last <= due.latest ? 'met' : fulfilled.earliest > due.latest ? 'late' : 'met-or-late';
      return { ...common, state, because: [fulfilled.event.key] };
    }
    if (moved.length > 0) return { ...common, state: 'replaced', because: moved };
    const said = naming.find(
      (each) =>
        each.event.type === 'target.missed' ||
        (others.includes(each) && (links(each, 'falsifies').includes(key) || links(each, 'supersedes').includes(key))),
    );
    const isOver = status?.value === 'ended' && status.event !== key && status.valid.from > promise.settled;
    if (isOver && (!said || status.valid.from < said.settled))
      return { ...common, state: 'dropped', because: [status.event] };
    if (said) {
      const isMiss = said.event.type === 'target.missed' || (links(said, 'falsifies').includes(key) && !ends(said));
      return { ...common, state: isMiss ? 'missed' : 'dropped', because: [said.event.key] };
    }
    const state = !due || validAt < due.earliest ? 'pending' : validAt <= due.latest ? 'due' : 'overdue';
    return { ...common, state, because: [] };
  });
}

const ends = ({ event, body }: PolicyState['versions'][number]): boolean =>
  event.type === 'policy.ended' && body.status === undefined;

function closure(keys: readonly string[], next: (key: string) => readonly string[]): readonly string[] {
  const reached = keys.flatMap(next).filter((key) => !keys.includes(key));
  return reached.length === 0 ? keys.slice(1) : closure([...new Set([...keys, ...reached])], next);
}

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 2_000);

/** Random corpora with a coordinate each. */
const corpora = fc.sample(asked, { numRuns: RUNS, seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

describe('promises at any coordinate', () => {
  it('are as the sentences define them', () => {
    const seen = new Set<string>();
    for (const { events, ...at } of corpora) {
      const state = stateAt(events, at);
      const found = shown(settledAt(state, at.validAt));
      for (const promise of found) seen.add(promise.state);
      const defined = byDefinition(state, at.validAt);
      // Comparing is quick where nothing has to be told.
      if (!isDeepStrictEqual(found, defined)) expect({ at, found }).toEqual({ at, found: defined });
    }
    expect([...seen].sort()).toEqual([...PROMISE_STATES].sort());
  });

  it('use nothing that was published later', () => {
    let unknown = 0;
    for (const { events, ...at } of corpora.slice(0, RUNS / 2)) {
      const state = stateAt(events, at);
      const known = new Set(state.versions.map(({ event }) => event.key));
      unknown += events.length - known.size;
      const other = events.map((event) => (known.has(event.key) ? event : rewritten(event)));
      const [found, expected] = [settledAt(stateAt(other, at), at.validAt), settledAt(state, at.validAt)];
      if (!isDeepStrictEqual(found, expected)) expect({ at, found }).toEqual({ at, found: expected });
    }
    expect(unknown).toBeGreaterThan(RUNS / 10);
  });

  it('change their state when a due date passes, with no event', () => {
    let changes = 0;
    for (const { events, ...at } of corpora.slice(0, RUNS / 4))
      for (const { promise, due, state } of settledAt(stateAt(events, at), at.validAt)) {
        if (state !== 'due' || !due || !Number.isFinite(due.latest)) continue;
        const before = seenAt(events, at, due.latest).find((each) => each.promise === promise);
        const after = seenAt(events, at, instant(due.latest + 1)).find((each) => each.promise === promise);
        if (before?.state !== 'due' || after?.because.length !== 0) continue;
        expect(after.state).toBe('overdue');
        changes += 1;
      }
    expect(changes).toBeGreaterThan(5);
  });
});

const seenAt = (events: readonly RecordedEvent[], at: Coordinate, validAt: Instant): readonly SettledPromise[] =>
  settledAt(stateAt(events, { ...at, validAt }), validAt);

/** An event that nobody knows yet, with other contents; what it says of other records stays, some of which acts by R. */
function rewritten(event: RecordedEvent): RecordedEvent {
  if (event.body.target !== undefined) return event;
  const { plannedFor: _due, links: _links, ...body } = event.body;
  return { ...event, type: 'policy.ended', body: { ...body, type: 'policy.ended', summary: 'Something else.' } };
}
