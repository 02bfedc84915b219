import { COMPARATORS, EPISTEMICS } from '#domain';
import { fromEvent, ofEvent, partOf, whichEvent } from '../cells/event-columns.js';
import {
  booleanColumn,
  dayColumn,
  integerColumn,
  numberColumn,
  textColumn,
  textsColumn,
  wordColumn,
} from '../cells/fields.js';
import { type Item, cellOf, declareTable } from '../cells/table.js';

/** Tables of figures: what was counted, who says so, and what contradicts what. */

const path = '/v1/figures';

const whichFigure = {
  measure: textColumn('What is counted.'),
  unit: textColumn('Unit of the number.'),
  period: textColumn('When it counts: a date (EDTF) or an ISO 8601 duration.').nullable(),
  comparedTo: textColumn('What it is compared to: a date (EDTF), or `preceding` with a duration.').nullable(),
};

export const figuresTable = declareTable({
  name: 'figures',
  title: 'Figures',
  description: 'One row a figure that an event claims. Figures are never averaged; what contradicts is marked.',
  path,
  columns: {
    ...whichEvent,
    measure: whichFigure.measure,
    value: numberColumn('The number; `null`: the source gives none.').nullable(),
    comparator: wordColumn(COMPARATORS, 'Whether it is exact, the least, the most, or about that much.'),
    valueLow: numberColumn('The value, if it is exact or the least; else `null`.').nullable(),
    valueHigh: numberColumn('The value, if it is exact or the most; else `null`.').nullable(),
    unit: whichFigure.unit,
    period: whichFigure.period,
    periodFrom: dayColumn('First day of the period; `null`: open, or not a date.').nullable(),
    periodTo: dayColumn('Last day of the period; `null`: open, or not a date.').nullable(),
    comparedTo: whichFigure.comparedTo,
    purpose: textColumn('What it is for.').nullable(),
    claimedBy: textsColumn('Names of those who say so.'),
    epistemic: wordColumn(EPISTEMICS, 'How its event is known.'),
    conflictCount: integerColumn('How many figures for the same thing cannot be true with this one.'),
    conflictsWith: textsColumn('Keys of their events, those nearest in value, in order of occurrence.'),
    supersededBy: textColumn('Key of the event that revised or withdrew it; `null`: none did.').nullable(),
    isSuperseded: booleanColumn('It was revised or withdrawn.'),
    ...ofEvent,
  },
  from: {
    ...fromEvent,
    conflictCount: ({ conflicts }) => cellOf(partOf(conflicts, 'count')),
    isSuperseded: ({ supersededBy }) => typeof supersededBy === 'string',
  },
});

const ofFigure = { ...whichEvent, ...whichFigure };

/** An item for each text of a list of a figure, in its order. */
const eachOf =
  (list: string, name: string) =>
  (figure: Item): readonly Item[] =>
    textsOf(figure[list]).map((text, index) => ({ ...figure, [name]: text, ordinal: index + 1 }));

const textsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

export const figureClaimantsTable = declareTable({
  name: 'figure_claimants',
  title: 'Claimants of figures',
  description: 'One row a figure and one of those who say so.',
  path,
  columns: {
    ...ofFigure,
    ordinal: integerColumn('Place in the list of those who say so, counted from 1.'),
    claimant: textColumn('Name of one who says so.'),
  },
  each: eachOf('claimedBy', 'claimant'),
});

export const figureConflictsTable = declareTable({
  name: 'figure_conflicts',
  title: 'Conflicts of figures',
  description: 'One row a figure and an event whose figure for the same thing cannot be true with it.',
  path,
  columns: {
    ...ofFigure,
    ordinal: integerColumn('Place in the list of those events, counted from 1.'),
    conflictingEvent: textColumn('Key of the other event.'),
  },
  each: eachOf('conflictsWith', 'conflictingEvent'),
});
