import type { Pool } from 'pg';
import { z } from 'zod';
import type { Position } from '#domain';
import { type PatchOperation, type StateDocument, WHYS, patchSteps, stateDocument } from '#temporal';
import { Turns } from '#runtime/turns';
import { anyJson, texts } from '../rows/answer-parts.js';
import type { Between, ResolvedCoordinate } from '../rows/answers.js';
import { differences } from './difference.js';
import { slugsOf } from './policies.js';
import { factsOfAll } from './state.js';

/** One field whose value differs. */
export const shownChange = z
  .object({
    policy: z.string().meta({ description: 'Slug of the policy.' }),
    field: z.string().meta({ description: 'Path of the field.' }),
    before: anyJson.meta({ description: '`null`: absent.' }),
    after: anyJson.meta({ description: '`null`: absent.' }),
    why: z.enum(WHYS),
    events: texts.meta({ description: 'Keys of the events behind the two values.' }),
    causes: texts.meta({
      description: 'Keys of the events that made the difference, corrections, retractions, links and sources included.',
    }),
  })
  .meta({ id: 'Change', description: 'One field whose value differs between two coordinates, and why.' });

const policyEvents = z
  .array(z.object({ policy: z.string().meta({ description: 'Slug of the policy.' }), key: z.string() }))
  .readonly();

/** What differs between two coordinates, as answers show it. */
export const shownDifference = z.object({
  changes: z.array(shownChange).readonly(),
  added: texts.meta({ description: 'Keys of events in force at the second coordinate alone.' }),
  removed: texts.meta({ description: 'Keys of events in force at the first coordinate alone.' }),
  addedEvents: policyEvents.meta({ description: 'The events of `added`, each with its policy.' }),
  removedEvents: policyEvents.meta({ description: 'The events of `removed`, each with its policy.' }),
});

const patchOperation = z.union([
  z.object({ op: z.enum(['add', 'replace']), path: z.string(), value: z.unknown() }),
  z.object({ op: z.literal('remove'), path: z.string() }),
]);

/** The patch (RFC 6902) from the first state to the second; of all policies, below the slug of each. */
export const shownPatch = z.array(patchOperation).readonly().meta({
  id: 'Patch',
  description: 'RFC 6902, from one state to another; of all policies, below the slug of each.',
});

/** See the schemas; the patch only where it was asked for. */
export type DifferenceAnswer = Readonly<z.output<typeof shownDifference>> & {
  readonly patch?: z.output<typeof shownPatch>;
};

interface Asked {
  /** Number of the policy; null for all. */
  readonly policy: number | null;
  readonly withPatch: boolean;
}

/** Compares one policy, or all, at two coordinates. */
export async function differenceAnswer(
  pool: Pool,
  between: Between,
  { policy, withPatch }: Asked,
): Promise<DifferenceAnswer> {
  const found = await differences(pool, { ...between, policy });
  const numbers = [
    ...new Set([
      ...found.map(({ policy: number }) => number),
      ...(policy === null ? await registeredBetween(pool, between) : []),
    ]),
  ];
  const slugs = await slugsOf(pool, numbers);
  const slugOf = (number: number): string => slugs.get(number) ?? '';
  const sorted = [...found].sort((one, other) => (slugOf(one.policy) < slugOf(other.policy) ? -1 : 1));
  const events = (side: 'added' | 'removed') =>
    sorted.flatMap(({ policy: number, difference }) =>
      difference[side].map((key) => ({ policy: slugOf(number), key })),
    );
  const [addedEvents, removedEvents] = [events('added'), events('removed')];
  const answer = {
    changes: sorted.flatMap(({ policy: number, difference }) =>
      difference.changes.map((change) => ({ policy: slugOf(number), ...change })),
    ),
    added: addedEvents.map(({ key }) => key),
    removed: removedEvents.map(({ key }) => key),
    addedEvents,
    removedEvents,
  };
  return withPatch ? { ...answer, patch: await patchOf(pool, between, { policy, numbers, slugOf }) } : answer;
}

/** Policies registered, redescribed or withdrawn between the two: their states may come or go whole, even when empty. */
async function registeredBetween(pool: Pool, { from, to }: Between): Promise<readonly number[]> {
  const { rows } = await pool.query<{ policy: number }>({
    name: 'registered-between',
    text: 'SELECT DISTINCT policy FROM read.policies WHERE recorded_from > least($1::bigint, $2::bigint) AND recorded_from <= greatest($1::bigint, $2::bigint)',
    values: [from.recorded, to.recorded],
  });
  return rows.map(({ policy }) => policy);
}

interface Patched {
  readonly policy: number | null;
  readonly numbers: readonly number[];
  readonly slugOf: (policy: number) => string;
}

async function patchOf(
  pool: Pool,
  { from, to }: Between,
  { policy, numbers, slugOf }: Patched,
): Promise<readonly PatchOperation[]> {
  const [before, after] = await Promise.all([
    statesOf(pool, policy === null ? numbers : [policy], from),
    statesOf(pool, policy === null ? numbers : [policy], to),
  ]);
  if (policy !== null) return inTurns(patchSteps(before.get(policy) ?? {}, after.get(policy) ?? {}));
  return inTurns(stepsOfAll(numbers.map((number) => [slugOf(number), before.get(number), after.get(number)])));
}

async function inTurns(steps: Iterable<PatchOperation | undefined>): Promise<readonly PatchOperation[]> {
  const turns = new Turns();
  const patch: PatchOperation[] = [];
  for (const operation of steps) {
    if (operation) patch.push(operation);
    if (turns.isOver) await turns.next();
  }
  return patch;
}

type Registered = readonly [slug: string, before: StateDocument | undefined, after: StateDocument | undefined];

/** In the document of all policies each stands under its slug; one not registered yet is not there. */
function* stepsOfAll(policies: readonly Registered[]): Generator<PatchOperation | undefined> {
  for (const [slug, before, after] of policies)
    if (before && after)
      for (const operation of patchSteps(before, after))
        yield operation && { ...operation, path: `/${slug}${operation.path}` };
    else if (after) yield { op: 'add', path: `/${slug}`, value: after };
    else if (before) yield { op: 'remove', path: `/${slug}` };
}

async function statesOf(
  pool: Pool,
  policies: readonly number[],
  at: ResolvedCoordinate,
): Promise<ReadonlyMap<number, StateDocument>> {
  const registered = await registeredAmong(pool, policies, at.recorded);
  const facts = await factsOfAll(pool, registered, at);
  const turns = new Turns();
  const states = new Map<number, StateDocument>();
  for (const [policy, { facts: found }] of facts) {
    states.set(policy, stateDocument(found));
    if (turns.isOver) await turns.next();
  }
  return states;
}

async function registeredAmong(
  pool: Pool,
  policies: readonly number[],
  recorded: Position,
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ policy: number }>({
    name: 'policies-registered-at',
    text: 'SELECT policy FROM read.policies WHERE policy = ANY ($1) AND recorded_from <= $2 AND recorded_to > $2 AND withdrawn_by IS NULL',
    values: [policies, recorded],
  });
  return rows.map(({ policy }) => policy);
}
