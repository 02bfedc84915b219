import type { Pool } from 'pg';
import { z } from 'zod';
import { normalizeName } from '#domain';
import { anyJson, texts } from '../../rows/answer-parts.js';
import type { Engine, ResolvedCoordinate } from '../../rows/answers.js';
import { standsAt, storedInstant } from '../../rows/table.js';
import { figuresAt } from '../../read-models/figures/figures.js';
import { contextWithout } from '../counterfactual/context-without.js';
import { type FoundEvent, eventsByKey, eventsBySource } from '../counterfactual/left-out.js';
import { ACTOR_NAMES, namesLike } from '../near-names.js';
import type { ReadContext } from '../read-context.js';
import { everyPromise } from '../analysis/promises-at.js';
import { promiseSource } from '../analysis/promise-sources.js';
import { type FindCited, citationsBehind, shownCitation } from './citations-behind.js';
import { type Sides, changedFields, fieldsBehind, heldOnSides } from './fields-behind.js';
import { restingOn } from './resting-events.js';
import { UnknownThingError } from './unknown-thing.js';

/** What an answer may rest on. */
export const IMPACT_KINDS = ['event', 'source', 'actor', 'correction'] as const;

/** The thing whose impact is asked for. */
export interface ImpactOf {
  readonly kind: (typeof IMPACT_KINDS)[number];
  readonly id: string;
}

const field = z.object({ policy: z.string(), field: z.string(), event: z.string() });

/** Which events rest on a thing, as answers show it. */
export const shownResting = z.object({
  of: z.object({ kind: z.enum(IMPACT_KINDS), id: z.string() }),
  falls: texts.meta({ description: 'Keys of the events that would not be there without it.' }),
  rests: z
    .array(
      z.object({
        policy: z.string(),
        event: z.string(),
        type: z.string(),
        summary: z.string(),
        depth: z.int().meta({ description: 'How many links away; 0: it is behind the event itself.' }),
      }),
    )
    .readonly()
    .meta({ description: 'Events that rest on it, or link to one that does; at most 1,000, the nearest first.' }),
});

/** See the schema. */
export type RestingAnswer = Readonly<z.output<typeof shownResting>>;

/** What rests on a thing, and what would read otherwise without it, as answers show it. */
export const shownImpact = shownResting.extend({
  alone: z.array(field).readonly().meta({ description: 'Fields whose value falls with it.' }),
  shared: z
    .array(field.extend({ legs: texts.meta({ description: 'Ids of other sources, or keys of other events.' }) }))
    .readonly()
    .meta({ description: 'Fields whose value would stay, and what else it rests on.' }),
  changed: z
    .array(
      z.object({
        policy: z.string(),
        field: z.string(),
        with: anyJson,
        without: anyJson,
        why: z
          .enum(['left-out', 'redated'])
          .meta({ description: '`left-out`: an event that falls is behind the value.' }),
      }),
    )
    .readonly()
    .meta({ description: 'Fields of states that would read otherwise; `null`: absent.' }),
  figures: texts.meta({ description: 'Fields of figures that would not be there.' }),
  conflictsResolved: z
    .array(texts)
    .readonly()
    .meta({ description: 'Pairs of events whose figures would no longer conflict.' }),
  promises: z
    .array(z.object({ promise: z.string(), with: z.string().nullable(), without: z.string().nullable() }))
    .readonly()
    .meta({ description: 'Promises whose state would be another; `null`: it would not be there.' }),
  citations: z.array(shownCitation).readonly().optional().meta({
    description:
      'Citations that rest on what falls, of the newest 50 of answers about its events and their policies. They are no part of the record at a coordinate, so an answer that is pinned on all three times goes without.',
  }),
});

/** See the schema. */
export type ImpactAnswer = Readonly<z.output<typeof shownImpact>>;

interface Touched {
  /** Every event that the thing is behind, whether or not it has something else behind it. */
  readonly touched: readonly string[];
  readonly leftOut: ReadonlyMap<string, ReadonlySet<string>>;
  /** For events that stay, what else is behind them. */
  readonly legs: ReadonlyMap<string, readonly string[]>;
}

interface AskedResting {
  readonly of: ImpactOf;
  readonly depth: number;
}

interface Asked extends AskedResting {
  readonly engine?: Engine | undefined;
  /** Where citations are found; undefined leaves them out. */
  readonly findCited?: FindCited | undefined;
}

/** Which events rest on a thing at a coordinate; nothing is folded for it. */
export async function findResting(
  { pool }: Pick<ReadContext, 'pool'>,
  at: ResolvedCoordinate,
  { of, depth }: AskedResting,
): Promise<RestingAnswer> {
  const { touched, leftOut } = await touchedBy(pool, at, of);
  return { of, falls: fallingKeys(leftOut), rests: await restingOn(pool, at, { keys: touched, depth }) };
}

const fallingKeys = (leftOut: Touched['leftOut']): readonly string[] =>
  [...leftOut.values()].flatMap((keys) => [...keys]).sort();

/** What rests on an event, a source, an actor or a correction at a coordinate. */
export async function impactAt(
  context: ReadContext,
  at: ResolvedCoordinate,
  { of, depth, engine, findCited }: Asked,
): Promise<ImpactAnswer> {
  const { pool } = context;
  const { touched, leftOut, legs } = await touchedBy(pool, at, of);
  const without = await contextWithout(context, at, leftOut);
  const falls = new Set(fallingKeys(leftOut));
  const sides = { with: context, without, engine };
  const slugs = await slugsOfEvents(pool, at, touched);
  const held = await heldOnSides(sides, at, slugs);
  const changed = changedFields(held, falls);
  const cited = await findCited?.([...leftOut.keys(), ...falls]);
  return {
    of,
    falls: [...falls],
    rests: await restingOn(pool, at, { keys: touched, depth }),
    ...fieldsBehind(held, { touched: new Set(touched), falls, legs }),
    changed,
    figures: changed
      .filter((each) => each.field.startsWith('figures.') && each.without === null)
      .map((each) => each.field),
    conflictsResolved: await resolvedConflicts(sides, at, slugs),
    promises: await changedPromises(sides, at, await slugsOfSettled(sides, at, slugs)),
    ...(cited && { citations: await citationsBehind(sides, cited, { falls, recorded: at.recorded }) }),
  };
}

async function touchedBy(pool: Pool, at: ResolvedCoordinate, { kind, id }: ImpactOf): Promise<Touched> {
  if (kind === 'event' || kind === 'correction') {
    const named = await eventsByKey(pool, at, [id]);
    if (named.length === 0) throw new UnknownThingError({ kind, id });
    if (kind === 'correction' && !named.some(({ isRecord }) => isRecord))
      throw new UnknownThingError({ kind, id }, { isEvent: true });
    return { touched: [id], leftOut: byPolicy(named), legs: new Map() };
  }
  const name = kind === 'actor' ? normalizeName(id) : id;
  const citing = kind === 'source' ? await eventsBySource(pool, at, [id]) : await eventsByActor(pool, at, name);
  if (citing.length === 0) {
    const near = kind === 'actor' ? await namesLike({ pool, at, name }, ACTOR_NAMES.actor) : [];
    throw new UnknownThingError({ kind, id }, { near });
  }
  const kept = citing.filter(({ falls }) => !falls).map(({ event }) => event);
  const legs =
    kind === 'source' ? await otherSources(pool, at, { keys: kept, id }) : new Map<string, readonly string[]>();
  const leftOut = byPolicy(citing.filter(({ falls }) => falls));
  return { touched: citing.map(({ event }) => event), leftOut, legs };
}

/** The keys of events by the slug of their policy. */
function byPolicy(events: readonly FoundEvent[]): Touched['leftOut'] {
  const found = new Map<string, Set<string>>();
  for (const { slug, event } of events) found.set(slug, (found.get(slug) ?? new Set()).add(event));
  return found;
}

/** The events of an actor; one falls that has no other. */
async function eventsByActor(pool: Pool, { recorded, knownAt }: ResolvedCoordinate, name: string) {
  const { rows } = await pool.query<FoundEvent & { readonly falls: boolean }>({
    name: 'events-by-actor',
    text: `SELECT t.event, t.actors <@ ARRAY[$3::text] AS falls, (SELECT p.slug FROM read.policies p WHERE p.policy = t.policy LIMIT 1) AS slug
      FROM (SELECT DISTINCT a.policy, a.event FROM read.actors a WHERE a.actor = $3 AND ${standsAt('a', '$1', '$2')}) named
        JOIN read.timeline t ON t.policy = named.policy AND t.event = named.event
      WHERE t.counts AND ${standsAt('t', '$1', '$2')}`,
    values: [recorded, storedInstant(knownAt), name],
  });
  return rows;
}

async function otherSources(
  pool: Pool,
  { recorded, knownAt }: ResolvedCoordinate,
  { keys, id }: { readonly keys: readonly string[]; readonly id: string },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await pool.query<{ readonly target: string; readonly ids: readonly string[] }>(
    `SELECT s.target, array_agg(DISTINCT s.source_id) AS ids FROM read.sources s
      WHERE s.target = ANY ($3) AND s.source_id <> $4 AND ${standsAt('s', '$1', '$2')} GROUP BY s.target`,
    [recorded, storedInstant(knownAt), keys, id],
  );
  return new Map(rows.map(({ target, ids }) => [target, ids]));
}

/** The policies of these events. */
async function slugsOfEvents(
  pool: Pool,
  { recorded }: ResolvedCoordinate,
  keys: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ readonly slug: string }>(
    `SELECT DISTINCT p.slug FROM read.policies p WHERE p.policy IN (
      SELECT t.policy FROM read.timeline t WHERE t.event = ANY ($1) AND t.position <= $2) ORDER BY p.slug`,
    [keys, recorded],
  );
  return rows.map(({ slug }) => slug);
}

/** These policies, and those of the promises that they speak of: what dates an event decides when it settled them. */
async function slugsOfSettled(
  sides: Sides,
  { recorded, knownAt }: ResolvedCoordinate,
  slugs: readonly string[],
): Promise<readonly string[]> {
  const found = new Set(slugs);
  for (const { pool } of [sides.with, sides.without]) {
    const { rows } = await pool.query<{ readonly slug: string }>(
      `SELECT DISTINCT p.slug FROM read.policies p WHERE p.policy IN (
        SELECT m.policy FROM read.settlements s JOIN read.promises m ON m.event = s.promise
          WHERE s.policy IN (SELECT o.policy FROM read.policies o WHERE o.slug = ANY ($3))
            AND ${standsAt('s', '$1', '$2')} AND ${standsAt('m', '$1', '$2')})`,
      [recorded, storedInstant(knownAt), slugs],
    );
    for (const { slug } of rows) found.add(slug);
  }
  return [...found].sort();
}

const MOST_FIGURES = 1_000;

async function resolvedConflicts(
  sides: Sides,
  at: ResolvedCoordinate,
  slugs: readonly string[],
): Promise<readonly string[][]> {
  if (slugs.length === 0) return [];
  const pairs = async ({ pool }: ReadContext): Promise<ReadonlySet<string>> => {
    const filter = { policy: slugs.join(','), conflicting: true };
    const { items } = await figuresAt(pool, at, { filter, page: { limit: MOST_FIGURES } });
    return new Set(
      items.flatMap(({ event, conflictsWith }) => conflictsWith.map((other) => JSON.stringify([event, other].sort()))),
    );
  };
  const [before, after] = [await pairs(sides.with), await pairs(sides.without)];
  return [...before]
    .filter((pair) => !after.has(pair))
    .sort()
    .map((pair): string[] => JSON.parse(pair));
}

async function changedPromises(sides: Sides, at: ResolvedCoordinate, slugs: readonly string[]) {
  if (slugs.length === 0) return [];
  const states = async (context: ReadContext): Promise<ReadonlyMap<string, string>> => {
    const settled = await everyPromise(promiseSource(sides.engine, context, { at, slugs: slugs.join(',') }), {});
    return new Map(settled.map(({ promise, state }) => [promise, state]));
  };
  const [before, after] = [await states(sides.with), await states(sides.without)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((promise) => ({ promise, with: before.get(promise) ?? null, without: after.get(promise) ?? null }))
    .filter((each) => each.with !== each.without);
}
