import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { byPromise, impactByDefinition } from '../../../../test/support/events/impact-by-definition.js';
import { boundaries } from '../../../../test/support/events/corpus.js';
import {
  type RecordedTwins,
  type TwinWorlds,
  recordTwinWorlds,
} from '../../../../test/support/databases/twin-worlds.js';
import { type Instant, type RecordedEvent, position } from '#domain';
import { differences } from '../core/difference.js';
import { factsOfAll, shownFacts } from '../core/state.js';
import { actorsAt } from '../read-models/actors.js';
import { anomaliesAt } from '../read-models/anomalies/anomalies.js';
import { claimsAt } from '../read-models/claims/claims.js';
import { figuresAt } from '../read-models/figures/figures.js';
import { negotiationsAt } from '../read-models/negotiations.js';
import { positionsAt } from '../read-models/positions.js';
import { identityOf, sourcesAt } from '../read-models/sources.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import { storedPromises } from './analysis/promise-sources.js';
import { promiseSummary, promisesAt } from './analysis/promises-at.js';
import { storedTurns, turnsAt } from './analysis/turns-at.js';
import { eventIndexAt } from './events/event-index.js';
import { eventsAt } from './events/events.js';
import { type ImpactOf, impactAt } from './impact/impact-at.js';
import { UnknownThingError } from './impact/unknown-thing.js';
import type { ReadContext } from './read-context.js';
import { contextWithout } from './counterfactual/context-without.js';
import { findLeftOut } from './counterfactual/left-out.js';

const WORLDS = Number(process.env['PROPERTY_POLICIES'] ?? 8) / 2;
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261130);
jest.setTimeout(60_000 + 20_000 * WORLDS);

let twins: RecordedTwins;

beforeAll(
  async () => {
    twins = await recordTwinWorlds({ worlds: WORLDS, eventsEach: 12, seed: SEED });
  },
  60_000 + 20_000 * WORLDS,
);

afterAll(() => twins.stop());

const eventsOf = (policies: TwinWorlds['whole']): readonly RecordedEvent[] => policies.flatMap(({ events }) => events);

/** A place in a list that varies with a number and is the same in each run. */
const among = <Value>(values: readonly Value[], number: number): Value => {
  const value = values[(number * 7 + SEED) % values.length];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
};

interface Instants {
  readonly knownAt: Instant;
  readonly validAt: Instant;
}

function instantsOf({ whole }: Pick<TwinWorlds, 'whole'>, number: number): Instants {
  const all = boundaries(eventsOf(whole));
  return { knownAt: among(all.slice(-Math.ceil(all.length / 2)), number), validAt: among(all, number * 3 + 1) };
}

/** When the first so many events of a world were on record, in each of the twins. */
function recordedAfter({ whole, fewer }: TwinWorlds, count: number) {
  const events = eventsOf(whole).slice(0, count);
  const last = events.at(-1);
  const keys = new Set(events.map(({ key }) => twinOf(key)));
  const policy = whole.findIndex((each) => each.slug === last?.body.policy);
  const left = fewer[policy]?.events.findLast(({ key }) => keys.has(key));
  return { whole: position(last?.position ?? 0), fewer: left?.position ?? position(fewer[policy]?.number ?? 0) };
}

const twinOf = (name: string): string => name.replaceAll(/\bw(\d)/g, 'v$1');

const recordedAt = null;

describe('an answer without some events', () => {
  it('is that of a record that never had them, whatever is asked', async () => {
    let [answered, differing] = [0, 0];
    for (const [index, world] of twins.worlds.entries()) {
      const count = eventsOf(world.whole).length;
      for (const [turn, asked] of [count, Math.ceil(count * 0.8)].entries()) {
        const recorded = recordedAfter(world, asked);
        const instants = instantsOf(world, index * 2 + turn);
        const at = { recorded: recorded.whole, recordedAt, ...instants };
        const leftOut = await findLeftOut(
          twins.context.pool,
          at,
          world.leftOut
            .filter((key) =>
              eventsOf(world.whole)
                .slice(0, asked)
                .some((event) => event.key === key),
            )
            .map((id) => ({ kind: 'event', id })),
        );
        const without = await contextWithout(twins.context, at, leftOut);
        const found = await answersOf(without, at, world.whole);
        const expected = await answersOf(twins.context, { ...at, recorded: recorded.fewer }, world.fewer);
        for (const [question, answer] of Object.entries(found)) {
          expect({ question, at, answer }).toEqual({ question, at, answer: expected[question] });
          answered += 1;
        }
        const whole = await answersOf(twins.context, at, world.whole);
        differing += Object.entries(whole).filter(([question, answer]) => found[question] !== answer).length;
      }
    }
    expect(answered).toBeGreaterThan(WORLDS * 20);
    expect(differing).toBeGreaterThan(WORLDS * 10);
  });
});

/** What the read models say of some policies, each answer as text, without what numbers the records. */
async function answersOf(
  { pool }: ReadContext,
  at: ResolvedCoordinate,
  policies: TwinWorlds['whole'],
): Promise<Readonly<Record<string, string>>> {
  const policy = policies.map(({ slug }) => slug).join(',');
  const page = { limit: 1_000 };
  const listing = { filter: { policy }, page };
  const numbers = policies.map(({ number }) => number);
  const earlier = { ...at, validAt: at.knownAt, knownAt: at.validAt };
  const states = await factsOfAll(pool, numbers, at);
  const compared = await Promise.all(
    numbers.map((number) => differences(pool, { from: earlier, to: at, policy: number })),
  );
  const events = { filter: { policy, records: true, retracted: true }, order: 'occurred', scope: 'primary' } as const;
  const answers = {
    states: numbers.map((number) => states.get(number) && shownFacts(states.get(number) ?? NOTHING)),
    differences: compared.map((each) => each.map(({ difference }) => difference)),
    events: await eventsAt(pool, at, { ...events, page }),
    index: await eventIndexAt(pool, at, events),
    figures: await figuresAt(pool, at, listing),
    positions: await positionsAt(pool, at, { filter: { policy, all: true }, page }),
    stances: await positionsAt(pool, at, listing),
    claims: await claimsAt(pool, at, listing),
    negotiations: await negotiationsAt(pool, at, listing),
    // Sources of one name are told apart by a hash, in whose order they are listed.
    sources: (await sourcesAt(pool, at, listing)).items.map(shown).sort(),
    actors: await actorsAt(pool, at, listing),
    anomalies: await anomaliesAt(pool, at, listing),
    promises: await promisesAt({ pool, at, source: storedPromises(pool, at, policy) }, listing),
    summary: await promiseSummary(storedPromises(pool, at, policy), {}),
    turns: await turnsAt({ pool, at, source: storedTurns(pool, at, policy) }, listing),
  };
  return Object.fromEntries(Object.entries(answers).map(([question, answer]) => [question, shown(answer)]));
}

const NOTHING = { facts: [], uncertain: [], eventCount: 0 };

/** What says where in the log a record stands. */
const PLACES = new Set(['position', 'revision', 'recordedAt', 'id', 'after']);

const shown = (answer: unknown): string =>
  JSON.stringify(answer, (name, value: unknown) => (PLACES.has(name) ? undefined : value)).replaceAll(
    /\bv(\d)/g,
    'w$1',
  );

describe('the impact of a thing', () => {
  it('is exactly what its events make different, by folding all others', async () => {
    let [asked, changing, promised, conflicting] = [0, 0, 0, 0];
    for (const [index, { whole }] of twins.worlds.entries()) {
      const events = eventsOf(whole);
      for (const [turn, of] of thingsIn(events, index).entries()) {
        const at = {
          recorded: position(events.at(-1)?.position ?? 0),
          recordedAt,
          ...instantsOf({ whole }, index + turn),
        };
        const expected = impactByDefinition(whole, at, of);
        if (!expected) {
          await expect(impactAt(twins.context, at, { of, depth: 3 })).rejects.toBeInstanceOf(UnknownThingError);
          continue;
        }
        const impact = await impactAt(twins.context, at, { of, depth: 3 });
        const { falls, changed, promises, figures, conflictsResolved } = impact;
        expect({ of, at, falls: [...falls].sort() }).toEqual({ of, at, falls: [...expected.falls].sort() });
        expect({ of, at, changed: changed.map(({ why: _why, ...change }) => change) }).toEqual({
          of,
          at,
          changed: expected.changed,
        });
        expect({ of, at, promises: [...promises].sort(byPromise) }).toEqual({ of, at, promises: expected.promises });
        expect(figures).toEqual(
          expected.changed
            .filter(({ field, without }) => /^figures\./.test(field) && without === null)
            .map(({ field }) => field),
        );
        if (turn === 0 || of.kind === 'actor')
          expect(await impactAt(twins.context, at, { of, depth: 3, engine: 'replay' })).toEqual(impact);
        const left = await contextWithout(twins.context, at, byPolicy(falls));
        const [before, after] = [await conflictsAt(twins.context, at, whole), await conflictsAt(left, at, whole)];
        const resolved = before.filter((pair) => !after.includes(pair));
        expect({ of, at, resolved: conflictsResolved.map((pair) => pair.join(' ')).sort() }).toEqual({
          of,
          at,
          resolved,
        });
        conflicting += resolved.length;
        asked += 1;
        changing += changed.length > 0 ? 1 : 0;
        promised += promises.length > 0 ? 1 : 0;
      }
    }
    expect(asked).toBeGreaterThan(WORLDS * 6);
    expect(changing).toBeGreaterThan(WORLDS / 2);
    expect(conflicting).toBeGreaterThan(0);
    expect(promised).toBeGreaterThan(WORLDS / 2);
  });
});

/** Keys by the slug of their policy, as they begin with it. */
function byPolicy(keys: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const key of keys) {
    const slug = key.split('-').slice(0, 2).join('-');
    found.set(slug, (found.get(slug) ?? new Set()).add(key));
  }
  return found;
}

/** The conflicts of one world alone: no figure is like one of another, and all of them would be read for each question. */
async function conflictsAt(
  { pool }: ReadContext,
  at: ResolvedCoordinate,
  whole: TwinWorlds['whole'],
): Promise<readonly string[]> {
  const policy = whole.map(({ slug }) => slug).join(',');
  const { items } = await figuresAt(pool, at, { filter: { policy, conflicting: true }, page: { limit: 1_000 } });
  const pairs = items.flatMap(({ event, conflictsWith }) =>
    conflictsWith.map((other) => [event, other].sort().join(' ')),
  );
  return [...new Set(pairs)].sort();
}

/** What a world has that something may rest on: events, records of them, sources, actors. */
function thingsIn(events: readonly RecordedEvent[], number: number): readonly ImpactOf[] {
  const { body: citing } = among(
    events.filter(({ body: { sources = [] } }) => sources.length > 0),
    number,
  );
  const [source] = citing.sources ?? [];
  const records = events.filter(({ body }) => body.target !== undefined);
  const ordinary = events.filter(({ body }) => body.target === undefined);
  return [
    ...[0, 1, 2].map((turn): ImpactOf => ({ kind: 'event', id: among(ordinary, number + turn).key })),
    ...(records.length > 0
      ? [0, 1].map((turn): ImpactOf => ({ kind: 'correction', id: among(records, number + turn).key }))
      : []),
    ...(source ? [{ kind: 'source', id: identityOf(source) } as const] : []),
    ...['Ada', 'Ben'].map((name): ImpactOf => ({
      kind: 'actor',
      id: `${name} ${events[0]?.body.policy.split('-')[0] ?? ''}`,
    })),
  ];
}
