import fc from 'fast-check';
import { type EventBody, type Link, type RecordedEvent, STANCES, instant } from '#domain';
import { createPostgresEventLog } from '#event-log';
import { eventsOfPolicy } from '../../../libs/projections/src/core/replay/replay.js';
import type { ReadContext } from '../../../libs/projections/src/queries/read-context.js';
import { appendAll, bodyRequest, registrationRequest } from '../events/append-bodies.js';
import { corpus } from '../events/corpus.js';
import { createMigratedDatabase } from './migrated-database.js';
import { moveBody } from './one-log.js';
import { composeProjections } from './projections.js';

/** A policy of a world: its slug, and its events as the log gives them back. */
export interface WorldPolicy {
  readonly number: number;
  readonly slug: string;
  readonly events: readonly RecordedEvent[];
}

/**
 * Two policies whose events speak of each other, and the same two again as they would have been recorded without some of
 * the events: nothing in either names the other.
 */
export interface TwinWorlds {
  /** Stands in every slug, key and name of the whole world; in the other, `v` stands for its `w`. */
  readonly token: string;
  readonly whole: readonly WorldPolicy[];
  readonly fewer: readonly WorldPolicy[];
  /** Keys of the events that the other world has not, as they are called in the whole one. */
  readonly leftOut: readonly string[];
}

/** Twin worlds in one log, and what questions about them are answered from. */
export interface RecordedTwins {
  readonly context: ReadContext;
  readonly worlds: readonly TwinWorlds[];
  stop(): Promise<void>;
}

interface Size {
  readonly worlds: number;
  readonly eventsEach: number;
  readonly seed: number;
}

/** Records random twin worlds and waits for their read models. */
export async function recordTwinWorlds({ worlds, eventsEach, seed }: Size): Promise<RecordedTwins> {
  const database = await createMigratedDatabase();
  const log = createPostgresEventLog({ pool: database.pool });
  const projections = composeProjections({
    pool: database.pool,
    log,
    now: () => instant(Date.now()),
    onStopped: fail,
  });
  await projections.start();
  const record = async (slug: string, bodies: readonly EventBody[]): Promise<WorldPolicy> => {
    const { position: number } = await log.head();
    const registration = { slug, title: slug, kind: 'scheme', jurisdiction: 'GB' } as const;
    await appendAll(log, [registrationRequest(registration), ...bodies.map(bodyRequest)]);
    return { number: number + 1, slug, events: await eventsOfPolicy(log, slug, Infinity) };
  };
  const recorded: TwinWorlds[] = [];
  for (const [index, plan] of fc.sample(worldPlan(eventsEach), { numRuns: worlds, seed }).entries()) {
    const token = `w${index}`;
    const bodies = plan.policies.map(({ events, choices }, policy) => dressed(events, { choices, token, policy }));
    const leftOut = bodies.flat().flatMap(({ key }, place) => (plan.left[place % plan.left.length] ? [key] : []));
    const [whole, fewer]: [WorldPolicy[], WorldPolicy[]] = [[], []];
    for (const [policy, own] of bodies.entries()) whole.push(await record(`${token}-${policy}`, own));
    for (const [policy, { events, choices }] of plan.policies.entries()) {
      const twin = dressed(events, { choices, token: `v${index}`, policy });
      const left = twin.filter((_, place) => !leftOut.includes(bodies[policy]?.[place]?.key ?? ''));
      fewer.push(await record(`v${index}-${policy}`, left));
    }
    recorded.push({ token, whole, fewer, leftOut });
  }
  await projections.readSide.waitFor((await log.head()).position, 30_000);
  return {
    context: projections.readSide.context(),
    worlds: recorded,
    stop: async () => {
      await projections.stop();
      await log.close();
      await database.drop();
    },
  };
}

const fail = (error: unknown): void => {
  throw error;
};

const worldPlan = (size: number) =>
  fc.record({
    policies: fc.array(
      fc.record({
        events: corpus({ size })
          .map(({ events }) => events)
          .filter((events) => events.filter(({ body }) => body.target === undefined).length > 1),
        choices: fc.array(fc.nat({ max: 10_000 }), { minLength: 5, maxLength: 11 }),
      }),
      { minLength: 2, maxLength: 2 },
    ),
    left: fc.array(fc.boolean(), { minLength: 3, maxLength: 7 }),
  });

interface Dress {
  readonly choices: readonly number[];
  readonly token: string;
  readonly policy: number;
}

/** The events with types, actors, stances, figures, sources and links to the other policy, as the choices say. */
const dressed = (events: readonly RecordedEvent[], dress: Dress): readonly EventBody[] =>
  events.map((event, index) => {
    const moved = moveBody(event.body, `${dress.token}-${dress.policy}`);
    const body = { ...moved, ...sourceOf(moved, index, dress) };
    if (body.target !== undefined) return body;
    const type = chosen(TYPES, index, dress);
    return { ...body, type, ...detailsOf({ ...body, type }, index, dress) };
  });

const TYPES = [
  'policy.announced',
  'target.set',
  'target.met',
  'target.missed',
  'pilot.planned',
  'forecast.made',
  'position.stated',
  'position.stated',
  'answer.withheld',
  'claim.made',
  'figure.reported',
  'figure.revised',
  'policy.reversed',
  'policy.ended',
  'negotiation.opened',
  'terms.changed',
];

/** Of links to the other policy; dating links do not cross policies. */
const RELS: readonly Link['rel'][] = ['fulfils', 'fulfils', 'supersedes', 'contradicts', 'corroborates', 'about'];
const NAMES = ['Ada', 'Ben', 'Cleo'];
const PUBLISHERS = ['Gazette', 'Courier', 'Wire'];

const choice = (index: number, { choices }: Dress): number => (choices[index % choices.length] ?? 0) + index;
const chosen = <Value>(values: readonly Value[], index: number, dress: Dress): Value => {
  const value = values[choice(index, dress) % values.length];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
};

/** Sources are cited by several events of one world, and by both of its policies. */
function sourceOf(body: EventBody, index: number, dress: Dress): Partial<EventBody> {
  const named = <Named extends { readonly publisher: string }>(source: Named, place: number): Named => ({
    ...source,
    publisher: `${chosen(PUBLISHERS, place, dress)} ${dress.token}`,
  });
  const second = choice(index, dress) % 3 === 0 ? [index, index + 1] : [index];
  return {
    ...(body.source ? { source: named(body.source, index) } : {}),
    ...(body.sources ? { sources: body.sources.flatMap((source) => second.map((place) => named(source, place))) } : {}),
  };
}

function detailsOf({ type, links = [] }: EventBody, index: number, dress: Dress): Partial<EventBody> {
  const { token, policy } = dress;
  const name = `${chosen(NAMES, index, dress)} ${token}`;
  const other = `${token}-${1 - policy}-event-${choice(index, dress) % 6}`;
  const own = `${token}-${policy}-event-${choice(index, dress) % Math.max(index, 1)}`;
  const isLinked = choice(index, dress) % 2 === 0;
  const value = choice(index, dress) % 5;
  return {
    actors: [{ name, kind: 'person', ...(value === 0 ? { onBehalfOf: `Party ${token}` } : {}) }],
    ...(type === 'position.stated' ? { stance: chosen(STANCES, index, dress) } : {}),
    ...(type.startsWith('figure.') || value % 2 === 1
      ? { figures: [{ measure: `cost-${token}`, value: value + index, comparator: 'exact', unit: 'GBP' }] }
      : {}),
    ...(type === 'policy.reversed' ? { undoes: isLinked ? other : own } : {}),
    ...(isLinked ? { links: [...links, { rel: chosen(RELS, index, dress), to: other }] } : {}),
  };
}
