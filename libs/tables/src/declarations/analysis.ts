import { STANCES } from '#domain';
import { fromEvent, itemsIn, ofEvent, partOf, whichEvent } from '../cells/event-columns.js';
import { booleanColumn, instantColumn, numberColumn, textColumn, textsColumn, wordColumn } from '../cells/fields.js';
import { type Item, type TableCell, cellOf, declareTable } from '../cells/table.js';

/** Tables of what became of promises, and of who changed position. */

const cellsOfDate = (name: string, prefix: string): Readonly<Record<string, (item: Item) => TableCell>> => ({
  [`${prefix}On`]: (item) => cellOf(partOf(item[name], 'edtf')),
  [`${prefix}From`]: (item) => cellOf(partOf(item[name], 'earliest')),
  [`${prefix}To`]: (item) => cellOf(partOf(item[name], 'latest')),
});

const daysColumn = (description: string) => numberColumn(`${description}; \`null\`: not bounded.`).nullable();

export const promisesTable = declareTable({
  name: 'promises',
  title: 'Promises',
  description: 'One row a promise, a target or a forecast, and what became of it by the valid time.',
  path: '/v1/promises',
  columns: {
    ...whichEvent,
    promise: textColumn('Key of the event that makes it.'),
    kind: textColumn('plan, target, or forecast, which is no promise.'),
    by: textsColumn('Names of those who made it.'),
    summary: textColumn('What was promised.'),
    madeOn: textColumn('When it was made (EDTF).'),
    dueOn: textColumn('By when (EDTF); `null`: no date was given.').nullable(),
    dueFrom: instantColumn('First instant of that date; `null`: open.').nullable(),
    dueTo: instantColumn('Last instant of that date; `null`: open.').nullable(),
    firstDueOn: textColumn('The date that was promised first, before any move (EDTF).').nullable(),
    firstDueFrom: instantColumn('First instant of that date; `null`: open.').nullable(),
    firstDueTo: instantColumn('Last instant of that date; `null`: open.').nullable(),
    replaces: textColumn('Key of the first promise, where this one moves it to another date.').nullable(),
    movedBy: textsColumn('Keys of the events that moved it to other dates, in order of occurrence.'),
    state: textColumn('pending, due, overdue, met, late, met-or-late, missed, dropped or replaced.'),
    because: textsColumn('Keys of the events that make the state what it is; none: time alone does.'),
    doneOn: textColumn('When it was fulfilled (EDTF).').nullable(),
    doneFrom: instantColumn('Not before; `null`: open, or not fulfilled.').nullable(),
    doneTo: instantColumn('Not after; `null`: open, or not fulfilled.').nullable(),
    slipDaysMin: daysColumn('Days that it slipped at least, from the date that was promised first'),
    slipDaysMax: daysColumn('Days that it slipped at most'),
    ...ofEvent,
  },
  from: {
    ...fromEvent,
    ...cellsOfDate('due', 'due'),
    ...cellsOfDate('firstDue', 'firstDue'),
    movedBy: ({ revisions }) => itemsIn(revisions).map(({ event }) => cellOf(event)),
    slipDaysMin: ({ slipDays }) => cellOf(partOf(slipDays, 'min')),
    slipDaysMax: ({ slipDays }) => cellOf(partOf(slipDays, 'max')),
  },
});

const stance = wordColumn(STANCES, 'The stance; `null`: no answer was given, or the policy itself turned.').nullable();

export const turnsTable = declareTable({
  name: 'turns',
  title: 'Turns',
  description: 'One row a change of position of an actor, or of a policy. `event` is the later of its two events.',
  path: '/v1/turns',
  columns: {
    ...whichEvent,
    actor: textColumn('Name of the actor; `null`: the policy turned, by others than those who had made it.').nullable(),
    onBehalfOf: textColumn('For whom the actor spoke.').nullable(),
    kind: textColumn('reversal, hardening, softening or to-silence.'),
    fromStance: stance,
    fromEvent: textColumn('Key of the earlier event.'),
    fromOccurred: textColumn('When that happened (EDTF); `null`: it is not in force.').nullable(),
    fromRole: textColumn('In which role.').nullable(),
    toStance: stance,
    toRole: textColumn('In which role.').nullable(),
    daysMin: daysColumn('Days between the two at least'),
    daysMax: daysColumn('Days between the two at most'),
    order: textColumn('certain; or uncertain: the dates leave open which of the two came first.'),
    acknowledged: booleanColumn('The later event names the earlier one.'),
    undoes: textColumn('Key of the event that is undone.').nullable(),
    ...ofEvent,
  },
  from: {
    ...fromEvent,
    fromStance: ({ from }) => cellOf(partOf(from, 'stance')),
    fromEvent: ({ from }) => cellOf(partOf(from, 'event')),
    fromOccurred: ({ from }) => cellOf(partOf(from, 'occurred')),
    fromRole: ({ from }) => cellOf(partOf(from, 'role')),
    toStance: ({ to }) => cellOf(partOf(to, 'stance')),
    toRole: ({ to }) => cellOf(partOf(to, 'role')),
    daysMin: ({ days }) => cellOf(partOf(days, 'min')),
    daysMax: ({ days }) => cellOf(partOf(days, 'max')),
  },
});
