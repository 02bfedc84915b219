import type { Json } from '#domain';
import { canonicalJson } from '#event-log';
import type { Fact } from '#temporal';
import { replayedFacts } from '../../core/replay/replay.js';
import { factsOfAll } from '../../core/state.js';
import type { Engine, ResolvedCoordinate } from '../../rows/answers.js';
import type { ReadContext } from '../read-context.js';

/** What questions are asked of: all that is on record, and that without some events. */
export interface Sides {
  readonly with: ReadContext;
  readonly without: ReadContext;
  readonly engine: Engine | undefined;
}

interface HeldField {
  readonly policy: string;
  readonly field: string;
  readonly value: Json;
  readonly event: string;
}

type HeldFields = ReadonlyMap<string, HeldField>;

/** The fields that hold on each side. */
export interface HeldOnSides {
  readonly before: HeldFields;
  readonly after: HeldFields;
}

/** Reads the fields of these policies that hold on each side. */
export const heldOnSides = async (
  sides: Sides,
  at: ResolvedCoordinate,
  slugs: readonly string[],
): Promise<HeldOnSides> => ({
  before: await heldFields(sides.with, at, { slugs, engine: sides.engine }),
  after: await heldFields(sides.without, at, { slugs, engine: sides.engine }),
});

/** A field that reads otherwise without some events, and whether one of them is behind its value. */
export interface ChangedField {
  readonly policy: string;
  readonly field: string;
  readonly with: Json;
  readonly without: Json;
  readonly why: 'left-out' | 'redated';
}

/** The fields whose values differ between the sides. */
export function changedFields({ before, after }: HeldOnSides, falls: ReadonlySet<string>): readonly ChangedField[] {
  const changed: ChangedField[] = [];
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [held, left] = [before.get(key), after.get(key)];
    const either = held ?? left;
    if (!either || isSame(held?.value ?? null, left?.value ?? null)) continue;
    const why = held && falls.has(held.event) ? 'left-out' : 'redated';
    changed.push({
      policy: either.policy,
      field: either.field,
      with: held?.value ?? null,
      without: left?.value ?? null,
      why,
    });
  }
  return changed;
}

interface Behind {
  readonly touched: ReadonlySet<string>;
  readonly falls: ReadonlySet<string>;
  readonly legs: ReadonlyMap<string, readonly string[]>;
}

/** The fields that these events are behind: those that fall, and those that would stay, with what else they rest on. */
export function fieldsBehind({ before, after }: HeldOnSides, { touched, falls, legs }: Behind) {
  const behind = [...before]
    .filter(([, { event, value }]) => touched.has(event) && value !== null)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const found = behind.map(([key, { policy, field, value, event }]) => {
    const left = after.get(key);
    const stays = left !== undefined && isSame(left.value, value);
    const others = falls.has(event) ? (left ? [left.event] : []) : (legs.get(event) ?? []);
    return { stays, shown: { policy, field, event }, legs: others };
  });
  return {
    alone: found.filter(({ stays }) => !stays).map(({ shown }) => shown),
    shared: found.filter(({ stays }) => stays).map(({ shown, legs: others }) => ({ ...shown, legs: others })),
  };
}

const isSame = (one: Json, other: Json): boolean => canonicalJson(one) === canonicalJson(other);

interface Wanted {
  readonly slugs: readonly string[];
  readonly engine: Engine | undefined;
}

async function heldFields(context: ReadContext, at: ResolvedCoordinate, wanted: Wanted): Promise<HeldFields> {
  const facts = wanted.engine === 'replay' ? foldedFacts : storedFacts;
  return new Map(
    (await facts(context, at, wanted.slugs)).flatMap(({ slug, facts: own }) =>
      own.map(({ field, value, event }) => [`${slug} ${field}`, { policy: slug, field, value, event }]),
    ),
  );
}

interface FactsOfPolicy {
  readonly slug: string;
  readonly facts: readonly Fact[];
}

async function storedFacts(
  { pool }: ReadContext,
  at: ResolvedCoordinate,
  slugs: readonly string[],
): Promise<readonly FactsOfPolicy[]> {
  const { rows } = await pool.query<{ readonly policy: number; readonly slug: string }>({
    text: 'SELECT DISTINCT policy, slug FROM read.policies WHERE slug = ANY ($1)',
    values: [slugs],
  });
  const numbers = rows.map(({ policy }) => policy);
  const found = await factsOfAll(pool, numbers, at);
  return rows.map(({ policy, slug }) => ({ slug, facts: found.get(policy)?.facts ?? [] }));
}

async function foldedFacts(
  context: ReadContext,
  at: ResolvedCoordinate,
  slugs: readonly string[],
): Promise<readonly FactsOfPolicy[]> {
  const folded: FactsOfPolicy[] = [];
  for (const slug of slugs) folded.push({ slug, facts: (await replayedFacts(context, slug, at)).facts });
  return folded;
}
