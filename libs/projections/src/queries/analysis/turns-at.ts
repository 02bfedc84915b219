import type { Pool } from 'pg';
import { z } from 'zod';
import { TURN_KINDS, type Turn, type TurnEnd, TurnRecordDraft, subjectOf, turnsIn } from '#analysis';
import { STANCES, formatInstant } from '#domain';
import { type Undescribed, describeRows, describedRow } from '../../core/described-rows.js';
import { type FoldingPlace, foldPolicies } from '../../core/replay/fold-policies.js';
import { type TurnChunk, turnRecordOfNext } from '../../read-models/analysis/turn-rows.js';
import type { Page, Paged, ResolvedCoordinate } from '../../rows/answers.js';
import { type OrderColumn, type Steps, markOf, pageInSteps, placeOf, showAs } from '../../rows/steps.js';
import { namesAsked } from '../../rows/table.js';
import { dayRange } from './promise-answer.js';

const turnEnd = z.object({
  stance: z.enum(STANCES).nullable().meta({ description: '`null`: no answer was given; or the policy itself turned.' }),
  event: z.string().meta({ description: 'Key of the event.' }),
  occurred: z.string().nullable().meta({ description: 'EDTF; `null`: the event is not in force.' }),
  role: z.string().nullable().meta({ description: 'In which role.' }),
});

/** One turn, as answers show it. */
export const shownTurn = describedRow
  .extend({
    actor: z
      .string()
      .nullable()
      .meta({ description: '`null`: the policy turned, by others than those who had made it so.' }),
    onBehalfOf: z.string().nullable().meta({ description: 'For whom the actor spoke: kept apart from own stances.' }),
    from: turnEnd,
    to: turnEnd,
    kind: z.enum(TURN_KINDS),
    days: dayRange.meta({ description: 'Days between the two.' }),
    order: z
      .enum(['certain', 'uncertain'])
      .meta({ description: '`uncertain`: the dates leave open which of the two came first.' }),
    acknowledged: z.boolean().meta({ description: 'The later event names the earlier one.' }),
    undoes: z.string().nullable().meta({ description: 'Key of the event that is undone.' }),
  })
  .meta({ id: 'Turn', description: 'One change of position; `event` is the later of its two events.' });

/** See the schema. */
export type TurnAnswer = Readonly<z.output<typeof shownTurn>>;

/** Which turns a list shows; what is undefined does not filter. */
export interface TurnFilter {
  readonly policy?: string | undefined;
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
}

/** Reads what turns are found in, policy by policy from the one with a number on. */
export type TurnSource = (from: { readonly policy: number; readonly most: number }) => Promise<TurnChunk>;

/** By the rows that are kept; of policies given by slug, or of all. */
export const storedTurns =
  (pool: Pool, at: ResolvedCoordinate, slugs: string | undefined): TurnSource =>
  ({ policy: from, most }) =>
    turnRecordOfNext(pool, at, { slugs, from, most });

/** The same by folding all policies anew: what one undoes may stand in any. */
export const refoldedTurns =
  (place: FoldingPlace, at: ResolvedCoordinate, slugs: string | undefined): TurnSource =>
  async () => {
    const record = new TurnRecordDraft();
    const numbers = new Map<string, number>();
    for await (const { policy, slug, state } of foldPolicies(place, at)) {
      record.add(state.versions);
      if (slugs?.split(',').includes(slug) ?? true) numbers.set(slug, policy);
    }
    return { record, numbers, looked: record.stances.length, next: undefined };
  };

interface Asked {
  readonly pool: Pool;
  readonly at: ResolvedCoordinate;
  readonly source: TurnSource;
}

/** Turns, by policy in the order of registration, then in order of occurrence. */
export const turnsAt = (
  { pool, at, source }: Asked,
  { filter, page }: { readonly filter: TurnFilter; readonly page: Page },
): Promise<Paged<TurnAnswer>> =>
  pageInSteps(turnSteps({ at, source }, filter), page, describeRows(pool, at, showAs(turnAnswer)));

const ORDER = [
  ['policy', 'integer'],
  ['order', 'text'],
  ['subject', 'text'],
] as const satisfies readonly OrderColumn[];

const turnSteps =
  ({ at, source }: Omit<Asked, 'pool'>, filter: TurnFilter): Steps<Turn> =>
  async ({ after, most }) => {
    const [policy = 0, order = '', subject = ''] = placeOf(ORDER, after) ?? [];
    const { record, numbers, looked, next } = await source({ policy: Number(policy), most });
    const placed = turnsIn(record, at.validAt)
      .flatMap((turn) => {
        const number = numbers.get(turn.policy);
        return number === undefined ? [] : [{ number, turn }];
      })
      .sort((one, other) => one.number - other.number);
    const isBeyond = (turn: Turn): boolean =>
      turn.place > String(order) || (turn.place === order && subjectOf(turn) > String(subject));
    return {
      found: placed
        .filter(({ number, turn }) => number > Number(policy) || order === '' || isBeyond(turn))
        .filter(({ turn }) => isAsked(turn, filter))
        .map(({ number, turn }) => ({
          thing: turn,
          mark: markOf(ORDER, { place_policy: number, place_order: turn.place, place_subject: subjectOf(turn) }),
        })),
      looked,
      ...(next === undefined
        ? {}
        : { next: markOf(ORDER, { place_policy: next, place_order: '', place_subject: '' }) }),
    };
  };

const isAsked = ({ actor, kind }: Turn, filter: TurnFilter): boolean =>
  (filter.actor === undefined || (actor !== null && namesAsked(filter.actor).includes(actor))) &&
  (filter.kind === undefined || filter.kind.split(',').includes(kind));

const turnAnswer = (turn: Turn): Undescribed<TurnAnswer> => ({
  actor: turn.actor,
  onBehalfOf: turn.onBehalfOf,
  policy: turn.policy,
  kind: turn.kind,
  days: turn.days,
  order: turn.order,
  acknowledged: turn.acknowledged,
  undoes: turn.undoes,
  event: turn.to.event,
  knownFrom: formatInstant(turn.knownFrom),
  position: turn.position,
  from: endAnswer(turn.from),
  to: endAnswer(turn.to),
});

const endAnswer = ({ stance, event, role, dates }: TurnEnd): z.output<typeof turnEnd> => ({
  stance,
  event,
  occurred: dates?.edtf ?? null,
  role,
});
