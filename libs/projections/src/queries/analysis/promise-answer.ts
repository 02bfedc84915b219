import { z } from 'zod';
import { type EventDates, PROMISE_KINDS, PROMISE_STATES, type SettledPromise } from '#analysis';
import { type WorldDate, formatInstant } from '#domain';
import { type Undescribed, describedRow } from '../../core/described-rows.js';
import { shownInstant } from '../../core/state.js';
import { instantText, texts } from '../../rows/answer-parts.js';

/** A date of the world with its bounds, as answers show it. */
export const shownDate = z
  .object({
    edtf: z.string(),
    earliest: instantText.nullable().meta({ description: '`null`: open.' }),
    latest: instantText.nullable().meta({ description: '`null`: open.' }),
  })
  .meta({ id: 'WorldDate', description: 'A date of the world (EDTF) with its bounds, both included.' });

/** A number of days within bounds, as answers show it. */
export const dayRange = z
  .object({ min: z.number().nullable(), max: z.number().nullable() })
  .meta({ id: 'DayRange', description: 'A number of days between two others, both included; `null`: not bounded.' });

/** One promise and what became of it, as answers show it. */
export const shownPromise = describedRow
  .extend({
    promise: z.string().meta({ description: 'Key of the event that makes it.' }),
    kind: z.enum(PROMISE_KINDS).meta({ description: 'A `forecast` is no promise: it says what somebody expects.' }),
    by: texts.meta({
      description:
        'Names of those who made it, as far as the event tells: its actors; of a forecast those it is attributed to, if any; of a disclosure only those, since its actors report it.',
    }),
    summary: z.string(),
    madeOn: z.string().meta({ description: 'EDTF.' }),
    due: shownDate.nullable().meta({ description: '`null`: no date was given.' }),
    firstDue: shownDate.nullable().meta({
      description: 'The date that was promised first: its own, or that of the promise that it moves to another date.',
    }),
    replaces: z
      .string()
      .nullable()
      .meta({ description: 'Key of the first promise, where this one moves it to another date.' }),
    revisions: z
      .array(z.object({ event: z.string(), due: shownDate.nullable() }))
      .readonly()
      .meta({ description: 'The dates that it was moved to later, in order of occurrence.' }),
    state: z.enum(PROMISE_STATES).meta({
      description:
        '`pending`: its date has not come, or it was given none. `overdue` says that nothing is recorded that fulfils it, and no more than that.',
    }),
    because: texts.meta({
      description: 'Keys of the events that make the state what it is; none where time alone does.',
    }),
    doneOn: z.string().nullable().meta({ description: 'When it was fulfilled (EDTF).' }),
    doneFrom: instantText.nullable(),
    doneTo: instantText.nullable().meta({ description: 'By then it was fulfilled.' }),
    slipDays: dayRange.nullable().meta({
      description:
        'Days from the first date to the one that counts: when it was fulfilled, else the date that it was moved to, else, if overdue, `validAt`.',
    }),
  })
  .meta({ id: 'Promise', description: 'One promise, and what became of it by what was known.' });

/** See the schema. */
export type PromiseAnswer = Readonly<z.output<typeof shownPromise>>;

/** A promise for an answer. */
export function promiseAnswer(settled: SettledPromise): Undescribed<PromiseAnswer> {
  const due = dateOf(settled.due);
  return {
    policy: settled.policy,
    event: settled.promise,
    knownFrom: formatInstant(settled.knownFrom),
    position: settled.position,
    promise: settled.promise,
    kind: settled.kind,
    by: settled.by,
    summary: settled.summary,
    madeOn: settled.made.edtf,
    due,
    firstDue: settled.firstDue === settled.due ? due : dateOf(settled.firstDue),
    replaces: settled.replaces,
    revisions: settled.revisions.map(({ event, due }) => ({ event, due: dateOf(due) })),
    state: settled.state,
    because: settled.because,
    ...doneFields(settled.done),
    slipDays: settled.slipDays,
  };
}

const doneFields = (done: EventDates | null): Pick<PromiseAnswer, 'doneOn' | 'doneFrom' | 'doneTo'> => ({
  doneOn: done?.edtf ?? null,
  doneFrom: done && shownInstant(done.earliest),
  doneTo: done && shownInstant(Math.min(done.latest, done.settled)),
});

const dateOf = (date: WorldDate | null): z.output<typeof shownDate> | null =>
  date && { edtf: date.edtf, earliest: shownInstant(date.earliest), latest: shownInstant(date.latest) };
