import { PromiseRecordDraft, settlePromises } from '#analysis';
import type { EventBody, Json, RecordedEvent } from '#domain';
import { type Coordinate, isInRecord, isWhole, stateAt } from '#temporal';
import type { ImpactAnswer, ImpactOf } from '../../../libs/projections/src/queries/impact/impact-at.js';
import { identityOf } from '../../../libs/projections/src/read-models/sources.js';

/** A policy and its events. */
interface OwnEvents {
  readonly slug: string;
  readonly events: readonly RecordedEvent[];
}

/** The parts of an impact that are defined by what would be without some events. */
type DefinedImpact = Pick<ImpactAnswer, 'falls' | 'promises'> & {
  readonly changed: readonly Omit<ImpactAnswer['changed'][number], 'why'>[];
};

export const byPromise = (one: { readonly promise: string }, other: { readonly promise: string }): number =>
  one.promise < other.promise ? -1 : 1;

/** What the documentation says of impact, by folding; undefined where nothing on record is the thing. */
export function impactByDefinition(
  whole: readonly OwnEvents[],
  at: Coordinate,
  of: ImpactOf,
): DefinedImpact | undefined {
  const falls = fallingWith(whole, at, of);
  if (!falls) return undefined;
  const without = whole.map((policy) => ({
    ...policy,
    events: policy.events.filter(({ key }) => !falls.includes(key)),
  }));
  const [held, left] = [heldIn(whole, at), heldIn(without, at)];
  const fields = [...new Set([...held.keys(), ...left.keys()])].sort();
  const [before, after] = [promisesIn(whole, at), promisesIn(without, at)];
  const promises = [...new Set([...before.keys(), ...after.keys()])];
  return {
    falls,
    changed: fields.flatMap((name) => {
      const [policy = '', ...words] = name.split(' ');
      const field = words.join(' ');
      const change = { policy, field, with: held.get(name) ?? null, without: left.get(name) ?? null };
      return JSON.stringify(change.with) === JSON.stringify(change.without) ? [] : [change];
    }),
    promises: promises
      .map((promise) => ({ promise, with: before.get(promise) ?? null, without: after.get(promise) ?? null }))
      .filter((each) => each.with !== each.without)
      .sort(byPromise),
  };
}

function fallingWith(whole: readonly OwnEvents[], at: Coordinate, { kind, id }: ImpactOf) {
  const recorded = whole.flatMap(({ events }) => events).filter((event) => event.position <= at.recorded);
  if (kind === 'event' || kind === 'correction') return recorded.some(({ key }) => key === id) ? [id] : undefined;
  const versions = whole.flatMap(({ events }) => stateAt(events, at).versions);
  const standing = versions.filter(isInRecord);
  if (kind === 'actor') {
    const namesOf = ({ body }: (typeof versions)[number]) => (body.actors ?? []).map(({ name }) => name);
    const named = standing.filter((version) => namesOf(version).some((name) => name === id));
    return named.length === 0
      ? undefined
      : keysOf(named.filter((version) => namesOf(version).every((name) => name === id)));
  }
  const attaching = versions.filter(
    ({ event, retracted, body: { source } }) => event.type === 'source.attached' && !retracted && idOf(source) === id,
  );
  const citing = standing.filter(({ sources }) => sources.some(({ source }) => idOf(source) === id));
  if (citing.length + attaching.length === 0) return undefined;
  return keysOf([
    ...attaching,
    ...citing.filter(({ sources }) =>
      sources.every(({ source, retractedBy }) => idOf(source) === id || retractedBy !== undefined),
    ),
  ]);
}

const keysOf = (versions: readonly { readonly event: RecordedEvent }[]): readonly string[] =>
  versions.map(({ event }) => event.key);

function heldIn(policies: readonly OwnEvents[], at: Coordinate): ReadonlyMap<string, Json> {
  return new Map(
    policies.flatMap(({ slug, events }) =>
      [...stateAt(events, at).facts.values()].map(({ field, value }) => [`${slug} ${field}`, value] as const),
    ),
  );
}

function promisesIn(policies: readonly OwnEvents[], at: Coordinate): ReadonlyMap<string, string> {
  const record = new PromiseRecordDraft();
  for (const { slug, events } of policies) {
    const { versions, facts } = stateAt(events, at);
    record.add({ slug, versions, status: facts.get('status') });
  }
  return new Map(settlePromises(record, at.validAt).map(({ promise, state }) => [promise, state]));
}
/** The id of a source; of a source given by name alone, none. */
const idOf = (source: EventBody['source']): string | undefined =>
  source && isWhole(source) ? identityOf(source) : undefined;
