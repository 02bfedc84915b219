import type { Pool } from 'pg';
import { z } from 'zod';
import { type Json, POLICY_KINDS, formatInstant } from '#domain';
import { canonicalJson } from '#event-log';
import { Turns } from '#runtime/turns';
import { type Fact, type Uncertainty, compareText, listUncertainties, stateDocument } from '#temporal';
import { anyJson, instantText, texts } from '../rows/answer-parts.js';
import type { ResolvedCoordinate } from '../rows/answers.js';
import type { PolicyRow } from './descriptions.js';
import { readInstant, standsAt, storedInstant } from '../rows/table.js';
import type { FactsAt } from './replay/fold-entries.js';

/** Where a fact may already have held, as answers show it. */
const uncertainty = z
  .object({
    field: z.string().meta({ description: 'Path of the field.' }),
    value: anyJson,
    event: z.string().meta({ description: 'Key of the event that says so.' }),
    from: instantText.nullable().meta({ description: 'From then on it may have been so; `null`: open.' }),
    settled: instantText.nullable().meta({ description: 'From then on it is sure; `null`: never.' }),
  })
  .meta({ id: 'Uncertainty', description: 'A value that may already hold, and is not sure to.' });

/** One policy at one coordinate, as answers show it. */
export const shownState = z.object({
  policy: z.string().meta({ description: 'Slug of the policy.' }),
  title: z.string(),
  kind: z.enum(POLICY_KINDS),
  jurisdiction: z.string().meta({ description: 'Code of ISO 3166-1 or 3166-2, or `EU`.' }),
  aliases: texts,
  sameAs: texts
    .optional()
    .meta({ description: 'Addresses that stand for the same policy elsewhere; left out where there are none.' }),
  state: z
    .record(z.string(), anyJson)
    .meta({ description: 'Fields nested at the first dot of their path. Empty when nothing holds.' }),
  uncertain: z.array(uncertainty).readonly(),
  eventCount: z.int().meta({ description: 'Events in force, those about records not counted.' }),
  resume: z.string().meta({
    description: 'Where a stream of the changes of this state goes on: `position.instantMs`, for `after=`.',
  }),
});

/** See the schema. */
export type StateAnswer = Readonly<z.output<typeof shownState>>;

/** What facts show, whatever the policy is called. */
export type ShownFacts = Pick<StateAnswer, 'state' | 'uncertain' | 'eventCount'>;

export const shownFacts = ({ facts, uncertain, eventCount }: FactsAt): ShownFacts => ({
  state: stateDocument(facts),
  uncertain: uncertain.map(({ field, value, event, from, settled }) => ({
    field,
    value,
    event,
    from: shownInstant(from),
    settled: shownInstant(settled),
  })),
  eventCount,
});

/** Builds the answer that shows a policy's facts. */
export const stateAnswer = (policy: PolicyRow, at: ResolvedCoordinate, shown: ShownFacts): StateAnswer => ({
  policy: policy.slug,
  title: policy.title,
  kind: policy.kind,
  jurisdiction: policy.jurisdiction,
  aliases: policy.aliases,
  // Answers without one stay as they were, byte for byte: citations of them have kept their hashes.
  ...(policy.sameAs.length > 0 ? { sameAs: policy.sameAs } : {}),
  ...shown,
  resume: `${at.recorded}.${at.knownAt}`,
});

/** An instant for an answer; null when it is open. */
export const shownInstant = (at: number): string | null =>
  Number.isFinite(at) ? formatInstant(readInstant(at)) : null;

/** A fact, or a time of uncertainty, as read together with others; instants as stored. */
export type FactTuple = readonly [field: string, value: Json, event: string, from: number, to: number];

/** What a statement says of a policy: all, or a part. */
interface FactsRow {
  readonly policy: number;
  readonly facts?: readonly FactTuple[] | null;
  readonly uncertain?: readonly FactTuple[] | null;
  readonly events?: number;
}

interface StandingFacts {
  readonly facts: readonly FactTuple[];
  readonly uncertain: readonly FactTuple[];
  readonly events: number;
}

/** Puts what stands at a coordinate in order. */
export function factsAt({ facts: tuples, uncertain, events }: StandingFacts): FactsAt {
  const facts = tuples.map(factOf).sort((one, other) => compareText(one.field, other.field));
  return { facts, uncertain: listUncertainties(uncertain.map(uncertaintyOf), facts), eventCount: events };
}

/** What a statement gave: jsonb has an order of its own for the members of a value, answers have that of the log. */
export const readTuple = ([field, value, ...rest]: FactTuple): FactTuple => [field, inOrder(value), ...rest];

function inOrder(value: Json): Json {
  if (typeof value !== 'object' || value === null || isFlatInOrder(value)) return value;
  const ordered: Json = JSON.parse(canonicalJson(value));
  return ordered;
}

/** Most values are: to look is quicker than to write them anew. */
function isFlatInOrder(value: object): boolean {
  let before = '';
  for (const [name, each] of Object.entries(value)) {
    if (name < before || (typeof each === 'object' && each !== null)) return false;
    before = name;
  }
  return true;
}

export const factOf = ([field, value, event, from, to]: FactTuple): Fact => ({
  field,
  value,
  event,
  valid: { from: readInstant(from), to: readInstant(to) },
});

const uncertaintyOf = ([field, value, event, from, settled]: FactTuple): Uncertainty => ({
  field,
  value,
  event,
  from: readInstant(from),
  settled: readInstant(settled),
});

/** SQL for the tuple of a box, and for that of a time of uncertainty. */
export const FACT_TUPLE = 'json_build_array(field, value, event, since, until)';
export const UNCERTAIN_TUPLE = 'json_build_array(field, value, event, unsure_from, settled)';

// Of many policies what holds is looked for in all of them at once, by three statements that the database works on at the
// same time.
const FACTS_OF_ALL = `SELECT b.policy, json_agg(${FACT_TUPLE}) AS facts FROM read.boxes b
  WHERE int8range(b.recorded_from, b.recorded_to) @> $1::bigint AND int8range(b.known_from, b.known_to) @> $2::bigint
    AND int8range(b.valid_from, b.valid_to) @> $3::bigint AND b.policy = ANY ($4) GROUP BY b.policy`;

const UNCERTAIN_OF_ALL = `SELECT u.policy, json_agg(${UNCERTAIN_TUPLE}) AS uncertain FROM read.unsure u
  WHERE u.policy = ANY ($4) AND ${standsAt('u', '$1', '$2')} AND u.unsure_from <= $3 AND u.settled > $3 GROUP BY u.policy`;

const EVENTS_OF_ALL = `SELECT t.policy, count(*)::integer AS events FROM read.timeline t
  WHERE t.policy = ANY ($3) AND ${standsAt('t', '$1', '$2')} AND t.counts GROUP BY t.policy`;

// Finds a policy's rows by its own indexes, first which boxes stand, then what they say: what it costs is in proportion to
// the policies.
const factsOfEach = (policies: string): string => `SELECT p.policy,
    (SELECT json_agg(${FACT_TUPLE}) FROM read.boxes f WHERE f.policy = p.policy AND f.id = ANY (ARRAY(SELECT b.id FROM read.boxes b
      WHERE b.policy = p.policy AND ${standsAt('b', '$1', '$2')} AND b.valid_from <= $3 AND b.valid_to > $3))) AS facts,
    (SELECT json_agg(${UNCERTAIN_TUPLE}) FROM read.unsure u
      WHERE u.policy = p.policy AND ${standsAt('u', '$1', '$2')} AND u.unsure_from <= $3 AND u.settled > $3) AS uncertain,
    (SELECT count(*)::integer FROM read.timeline t WHERE t.policy = p.policy AND ${standsAt('t', '$1', '$2')} AND t.counts) AS events
  FROM ${policies} AS p(policy)`;

const FACTS_OF_FEW = factsOfEach('unnest($4::integer[])');

/** Of a single number Postgres keeps the plan, of a list it plans each time, which takes longer than reading. */
const FACTS_OF_ONE = factsOfEach('(SELECT $4::integer)');

/** Up to so many policies it is quicker to look for each than for what holds at the coordinate in any; measured. */
const FEW = 150;

/** Reads the facts of several policies at a coordinate. */
export async function factsOfAll(
  pool: Pool,
  policies: readonly number[],
  { recorded, knownAt, validAt }: ResolvedCoordinate,
): Promise<ReadonlyMap<number, FactsAt>> {
  if (policies.length === 0) return new Map();
  const read: ReadRows = async (name, text, values) =>
    (await pool.query<FactsRow>({ name, text, values: [...values] })).rows;
  const found = await rowsOf(read, policies, [recorded, storedInstant(knownAt), storedInstant(validAt)]);
  const rows = new Map<number, FactsRow>(policies.map((policy) => [policy, { policy }]));
  for (const row of found) rows.set(row.policy, { ...rows.get(row.policy), ...row });
  const all = new Map<number, FactsAt>();
  const turns = new Turns();
  for (const [policy, { facts, uncertain, events }] of rows) {
    if (turns.isOver) await turns.next();
    const tuples = { facts: (facts ?? []).map(readTuple), uncertain: (uncertain ?? []).map(readTuple) };
    all.set(policy, factsAt({ ...tuples, events: events ?? 0 }));
  }
  return all;
}

type ReadRows = (name: string, text: string, values: readonly unknown[]) => Promise<readonly FactsRow[]>;

/** Reads what stands at a point by the statements that are quickest for so many policies. */
async function rowsOf(
  read: ReadRows,
  policies: readonly number[],
  point: readonly [recorded: number, known: number, valid: number],
): Promise<readonly FactsRow[]> {
  const [recorded, known] = point;
  if (policies.length === 1) return read('facts-of-policy', FACTS_OF_ONE, [...point, policies[0]]);
  if (policies.length <= FEW) return read('facts-of-few-policies', FACTS_OF_FEW, [...point, policies]);
  const found = await Promise.all([
    read('facts-of-policies', FACTS_OF_ALL, [...point, policies]),
    read('uncertain-of-policies', UNCERTAIN_OF_ALL, [...point, policies]),
    read('events-of-policies', EVENTS_OF_ALL, [recorded, known, policies]),
  ]);
  return found.flat();
}

/** Reads the facts of one policy at a coordinate. */
export const factsOfOne = async (pool: Pool, policy: number, at: ResolvedCoordinate): Promise<FactsAt> =>
  (await factsOfAll(pool, [policy], at)).get(policy) ?? { facts: [], uncertain: [], eventCount: 0 };
