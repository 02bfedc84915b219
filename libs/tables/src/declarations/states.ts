import { POLICY_KINDS, STATUSES } from '#domain';
import {
  jsonColumn,
  booleanColumn,
  instantColumn,
  integerColumn,
  numberColumn,
  textColumn,
  textsColumn,
  wordColumn,
} from '../cells/fields.js';
import { flatValue } from '../cells/flat-value.js';
import { identityOfAddress } from '../cells/identifiers.js';
import { type Item, cellOf, declareTable } from '../cells/table.js';
import { partOf, itemsIn } from '../cells/event-columns.js';

/** Tables of states: what holds of policies, when it held, and what differs. */

const policy = textColumn('Slug of the policy.');
const field = textColumn('Path of the field.');

/** A value as it is, and in columns that tools can compute with. */
const value = {
  valueText: textColumn(
    'The value, if it is a text, or true or false; JSON if it is anything else but a number; of a term or a figure what it says.',
  ).nullable(),
  valueNumber: numberColumn('The value, if it is a number; of a term or a figure what it says.').nullable(),
  unit: textColumn('Unit of a term or a figure.').nullable(),
  value: jsonColumn('The value as JSON; `null`: the field was absent.'),
};

const fromValue = {
  valueText: ({ value: given }: Item) => flat(given).valueText,
  valueNumber: ({ value: given }: Item) => flat(given).valueNumber,
  unit: ({ value: given }: Item) => flat(given).unit,
};

const addressesIn = (sameAs: unknown): readonly string[] =>
  Array.isArray(sameAs) ? sameAs.filter((each): each is string => typeof each === 'string') : [];

const flat = (given: unknown) => flatValue(cellOf(given));

export const policiesTable = declareTable({
  name: 'policies',
  title: 'Policies',
  description: 'One row a policy: what it is called, and its headline status at the coordinate.',
  path: '/v1/policies',
  columns: {
    policy,
    title: textColumn('Title at the recorded time.'),
    kind: wordColumn(POLICY_KINDS, 'Kind of policy.'),
    jurisdiction: textColumn('Code of ISO 3166-1 or 3166-2, or `EU`.'),
    aliases: textsColumn('Other names that are slugs.'),
    status: wordColumn(STATUSES, 'Headline status; `null`: it has none.').nullable(),
    statusEvent: textColumn('Key of the event behind `status`.').nullable(),
    uncertainFields: integerColumn('How many values may hold already, and are not sure to.'),
    eventCount: integerColumn('Events in force, those about records not counted.'),
    sameAs: textsColumn('Addresses that stand for the same policy elsewhere; one row each in `identifiers`.'),
  },
  from: {
    sameAs: ({ sameAs = [] }) => cellOf(sameAs),
    status: ({ state }) => cellOf(partOf(state, 'status')),
    uncertainFields: ({ uncertain }) => itemsIn(uncertain).length,
  },
});

export const identifiersTable = declareTable({
  name: 'identifiers',
  title: 'Identifiers',
  description: 'One row a policy and one address that stands for it elsewhere, to join the record with other data.',
  path: '/v1/policies',
  columns: {
    policy,
    ordinal: integerColumn('Place in the list of addresses, counted from 1.'),
    authority: textColumn(
      'Who keeps the address: wikidata, legislation.gov.uk, eli (law of the EU), uk-parliament-members, or the host of any other.',
    ),
    identifier: textColumn(
      'The name with that keeper, such as Q98765432 or ukpga/2024/8; `null`: only the address is known.',
    ).nullable(),
    address: textColumn('The address as recorded.'),
  },
  each: ({ policy: slug, sameAs }) =>
    addressesIn(sameAs).map((address, index) => ({
      policy: slug,
      ordinal: index + 1,
      ...identityOfAddress(address),
      address,
    })),
});

export const factsTable = declareTable({
  name: 'facts',
  title: 'Facts',
  description:
    'The states of policies at the coordinate: one row a field that has a value, and one a value that a field may have already.',
  path: '/v1/facts',
  columns: {
    policy,
    field,
    group: textColumn('The path of the field up to its first dot.'),
    subject: textColumn('The path after its first dot; `null` without one.').nullable(),
    valueText: value.valueText,
    valueNumber: value.valueNumber,
    unit: value.unit,
    event: textColumn('Key of the event that says so.'),
    validFrom: instantColumn('From when on it counts, as known then; `null`: open.').nullable(),
    validTo: instantColumn('Until when it counts, unless something else holds earlier; `null`: open.').nullable(),
    isUncertain: booleanColumn(
      'It may hold already, and is not sure to: from `validFrom` on, until it is settled at `validTo`. Without a value it may have ended.',
    ),
  },
});

export const historyTable = declareTable({
  name: 'history',
  title: 'History',
  description: 'One row a value that a field had, with the box of recorded, known and valid time in which it held.',
  path: '/v1/history',
  columns: {
    policy,
    field,
    ...value,
    event: textColumn('Key of the event behind the value.'),
    recordedFrom: integerColumn('Position of the log from which on the row stands.'),
    recordedTo: integerColumn(
      'Position of the log from which on it no longer stands; `null`: it still does.',
    ).nullable(),
    knownFrom: instantColumn('From when on it was known; `null`: open.').nullable(),
    knownTo: instantColumn('Until when it was known, excluded; `null`: open.').nullable(),
    validFrom: instantColumn('From when on it held; `null`: open.').nullable(),
    validTo: instantColumn('Until when it held, excluded; `null`: open.').nullable(),
    certainty: wordColumn(
      ['settled', 'uncertain'],
      '`settled`: it held in this box. `uncertain`: it may have held already, until it was settled.',
    ),
  },
  from: {
    ...fromValue,
    ...Object.fromEntries(
      ['recorded', 'known', 'valid'].flatMap((axis) => [
        [`${axis}From`, (item: Item) => cellOf(partOf(item[axis], 'from'))],
        [`${axis}To`, (item: Item) => cellOf(partOf(item[axis], 'to'))],
      ]),
    ),
  },
});

export const seriesTable = declareTable({
  name: 'series',
  title: 'Series',
  description:
    'The values of fields along one time, at the coordinate on the two others; rows of a field never overlap.',
  path: '/v1/series',
  columns: {
    policy,
    field,
    from: instantColumn('From when on the value held; `null`: open.').nullable(),
    to: instantColumn('Until when it held, excluded; `null`: open, or after the coordinate.').nullable(),
    fromPosition: integerColumn('With `axis=recorded`: the position recorded at `from`.').nullable(),
    toPosition: integerColumn('With `axis=recorded`: the position recorded at `to`.').nullable(),
    ...value,
    event: textColumn('Key of the event behind the value.'),
  },
  from: fromValue,
});

export const changesTable = declareTable({
  name: 'changes',
  title: 'Changes',
  description: 'What differs between two coordinates: one row a field whose value differs.',
  path: '/v1/diff',
  columns: {
    policy,
    field,
    beforeText: value.valueText.meta({ description: 'The value before, if it is no number; as `valueText` of facts.' }),
    beforeNumber: value.valueNumber.meta({ description: 'The value before, if it is a number.' }),
    beforeUnit: value.unit.meta({ description: 'Unit of the value before.' }),
    before: jsonColumn('The value before, as JSON; `null`: absent.'),
    afterText: value.valueText.meta({ description: 'The value after, if it is no number; as `valueText` of facts.' }),
    afterNumber: value.valueNumber.meta({ description: 'The value after, if it is a number.' }),
    afterUnit: value.unit.meta({ description: 'Unit of the value after.' }),
    after: jsonColumn('The value after, as JSON; `null`: absent.'),
    why: textColumn(
      'Why it differs: an event happened, was published, corrected, retracted, redated or recorded late.',
    ),
    events: textsColumn('Keys of the events behind the two values.'),
    causes: textsColumn(
      'Keys of the events that made the difference, corrections, retractions, links and sources included.',
    ),
  },
  from: {
    beforeText: ({ before }) => flat(before).valueText,
    beforeNumber: ({ before }) => flat(before).valueNumber,
    beforeUnit: ({ before }) => flat(before).unit,
    afterText: ({ after }) => flat(after).valueText,
    afterNumber: ({ after }) => flat(after).valueNumber,
    afterUnit: ({ after }) => flat(after).unit,
  },
});
