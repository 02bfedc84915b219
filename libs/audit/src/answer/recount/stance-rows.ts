import type { EntryObject } from '#event-log/canonical';
import { type Coordinate, type VersionWithRecords, assertionsAt } from '#temporal/fold';
import type { NegotiationsQuestion, PositionsQuestion } from '../question.js';
import { describeEvent } from './described-event.js';
import { asJson, writtenOrOpen } from './recount.js';

/** The events of a policy that are known at a coordinate, in order of occurrence. */
interface Known {
  readonly policy: string;
  readonly versions: readonly VersionWithRecords[];
  readonly at: Coordinate;
}

/** The newest stance of each actor, by name; or each one, in order of occurrence. */
export function positionRows(known: Known, { actors, all }: PositionsQuestion): readonly EntryObject[] {
  const held = assertionsOfGroup(known, { before: 'positions.', after: '' }).filter(
    ({ subject }) => actors?.includes(subject) ?? true,
  );
  const bySubject = byWeight(held);
  const shown = all ? held : [...bySubject.values()].flatMap((stances) => stances.at(-1) ?? []);
  return shown.map((stance) => {
    const stances = bySubject.get(stance.subject) ?? [];
    const before = stances[stances.indexOf(stance) - 1];
    return asJson({
      ...describeEvent(stance.version, known.policy),
      actor: stance.subject,
      stance: stance.value,
      previous: before ? { stance: before.value, event: before.version.event.key } : null,
    });
  });
}

/** The stage of the talks with each counterparty, by name. */
export function negotiationRows(known: Known, { counterparties }: NegotiationsQuestion): readonly EntryObject[] {
  const held = assertionsOfGroup(known, { before: 'negotiations.', after: '.stage' });
  const wanted = held.filter(({ subject }) => counterparties?.includes(subject) ?? true);
  return [...byWeight(wanted).values()]
    .flatMap((stages) => stages.at(-1) ?? [])
    .map(({ subject, value, since, version }) =>
      asJson({
        ...describeEvent(version, known.policy),
        counterparty: subject,
        stage: value,
        since: writtenOrOpen(since),
      }),
    );
}

/** What the paths of a group's fields begin and end with. */
interface Group {
  readonly before: string;
  readonly after: string;
}

/** The assertions about the fields of a group that hold at a coordinate, in order of occurrence. */
const assertionsOfGroup = ({ versions, at }: Known, { before, after }: Group) =>
  versions.flatMap((version) =>
    assertionsAt(version, at.validAt)
      .filter(({ field }) => field.startsWith(before) && field.endsWith(after))
      .map(({ field, value, weight, valid }) => ({
        subject: field.slice(before.length, field.length - after.length),
        value,
        weight,
        since: valid.from,
        version,
      })),
  );

type Held = ReturnType<typeof assertionsOfGroup>[number];

/** The assertions of each subject, the strongest last; subjects in the order in which the database has them. */
function byWeight(held: readonly Held[]): ReadonlyMap<string, readonly Held[]> {
  const groups = new Map<string, Held[]>();
  for (const each of held) groups.set(each.subject, [...(groups.get(each.subject) ?? []), each]);
  for (const group of groups.values()) group.sort((one, other) => (one.weight < other.weight ? -1 : 1));
  return new Map([...groups].sort(([one], [other]) => compareCodePoints(one, other)));
}

/** JavaScript compares characters beyond the first plane by their halves, and the database does not. */
function compareCodePoints(one: string, other: string): number {
  const [ones, others] = [[...one], [...other]];
  for (const [index, character] of ones.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (others[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return ones.length - others.length;
}
