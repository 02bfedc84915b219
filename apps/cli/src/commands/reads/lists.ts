import type { DefineCommand } from '../../define-command.js';
import { EXIT } from '../../exit-code.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { POINT_HELP } from '../../points/point.js';
import { formOfTable } from '../../render/form.js';
import { type TextColumn, renderRows, tableText } from '../../render/rows.js';
import { readPages } from '../../service/pages.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';
import { showValue } from '../../render/cells.js';

/** Filters are options as well, under the names that commander gives them. */
interface Options extends AskOptions, PointOptions {
  readonly [filter: string]: string | boolean | undefined;
}

/** A filter of a list: its option, the parameter of the service, and what is sent for an option without a value. */
interface Filter {
  readonly flags: string;
  readonly says: string;
  readonly parameter: string;
  /** For an option without a value. */
  readonly value?: string;
}

/** A read model as a command. */
interface List {
  readonly filters: readonly Filter[];
  readonly text: readonly (string | TextColumn)[];
}

const POLICY: Filter = {
  flags: '--policy <slugs>',
  says: 'slugs or aliases of policies, separated by commas',
  parameter: 'policy',
};

const WITHOUT: Filter = {
  flags: '--without <things>',
  says: 'as if these were not on record: event:KEY or source:ID, separated by commas',
  parameter: 'without',
};

const takes = (parameter: string, says: string): Filter => ({ flags: `--${parameter} <value>`, says, parameter });

const names = (column: string): TextColumn => ({
  name: column,
  show: (row) => {
    const value = row[column];
    return Array.isArray(value) ? value.map(showValue).join(', ') : showValue(value);
  },
});

/** Every list that is a command of its own. */
const lists = {
  policies: {
    filters: [
      takes('status', 'headline statuses, separated by commas'),
      takes('jurisdiction', 'ISO 3166 code, or EU'),
      { flags: '-q, --query <words>', says: 'words of title, slug or aliases', parameter: 'q' },
      { flags: '--same-as <address>', says: 'an address that stands for the policy elsewhere', parameter: 'sameAs' },
      WITHOUT,
    ],
    text: ['policy', 'state.status', { name: 'events', show: ({ eventCount }) => showValue(eventCount) }, 'title'],
  },
  figures: {
    filters: [
      POLICY,
      takes('measure', 'what is measured'),
      takes('unit', 'unit of the number'),
      { flags: '--claimed-by <name>', says: 'exact name of one of those who say so', parameter: 'claimedBy' },
      { flags: '--conflicts', says: 'only figures that conflict with others', parameter: 'conflicting', value: 'true' },
      {
        flags: '--current',
        says: 'only figures that were not revised or withdrawn',
        parameter: 'superseded',
        value: 'false',
      },
      WITHOUT,
    ],
    text: [
      'policy',
      'measure',
      {
        name: 'value',
        show: ({ value, unit, comparator }) => showValue({ value, unit, comparator }),
      },
      'period',
      names('claimedBy'),
      {
        name: 'conflicts',
        show: ({ conflictsWith }) =>
          Array.isArray(conflictsWith) && conflictsWith.length > 0 ? `with ${conflictsWith.join(', ')}` : '',
      },
      'event',
    ],
  },
  positions: {
    filters: [
      POLICY,
      takes('actor', 'exact names of actors, separated by commas'),
      { flags: '--every', says: 'every position, not only the newest of each actor', parameter: 'all', value: 'true' },
      WITHOUT,
    ],
    text: [
      'policy',
      'actor',
      'stance',
      { name: 'before', show: ({ previous }) => showValue(cell(previous, 'stance')) },
      'occurred',
      'event',
    ],
  },
  negotiations: {
    filters: [POLICY, takes('counterparty', 'exact names, separated by commas')],
    text: ['policy', 'counterparty', 'stage', 'since', 'event'],
  },
  claims: {
    filters: [POLICY, takes('by', 'exact name of one of those who claim it'), takes('standing', 'how it stands')],
    text: ['policy', 'standing', names('by'), 'event', 'summary'],
  },
  sources: {
    filters: [POLICY, takes('publisher', 'exact names, separated by commas'), takes('genre', 'kind of source')],
    text: ['publishedAt', 'publisher', { name: 'events', show: ({ eventCount }) => showValue(eventCount) }, 'title'],
  },
  actors: {
    filters: [POLICY, takes('actor', 'exact names, separated by commas')],
    text: ['policy', 'actor', 'kind', 'events'],
  },
  anomalies: {
    filters: [POLICY, takes('kind', 'kind of anomaly')],
    text: ['policy', 'kind', 'event', 'detail'],
  },
  promises: {
    filters: [
      POLICY,
      takes('by', 'exact name of one of those who made it'),
      takes('state', 'what became of it, separated by commas: overdue,missed'),
      takes('kind', 'plan, target or forecast'),
      { flags: '--due-from <time>', says: 'only what can be due then or later', parameter: 'dueFrom' },
      { flags: '--due-to <time>', says: 'only what can be due then or before', parameter: 'dueTo' },
      WITHOUT,
    ],
    text: [
      'policy',
      'state',
      { name: 'due', show: ({ due }) => showValue(cell(due, 'edtf')) },
      { name: 'slip', show: ({ slipDays }) => showDays(slipDays) },
      'promise',
      names('because'),
    ],
  },
  turns: {
    filters: [
      POLICY,
      takes('actor', 'exact names, separated by commas'),
      takes('kind', 'reversal, hardening, softening or to-silence'),
      WITHOUT,
    ],
    text: [
      'policy',
      { name: 'actor', show: ({ actor }) => (actor === null ? '(the policy)' : showValue(actor)) },
      'kind',
      { name: 'from', show: ({ from }) => showValue(cell(from, 'stance') ?? cell(from, 'event')) },
      { name: 'to', show: ({ to }) => showValue(cell(to, 'stance')) },
      { name: 'days', show: ({ days }) => showDays(days) },
      { name: 'order', show: ({ order }) => (order === 'uncertain' ? 'order uncertain' : '') },
      'event',
    ],
  },
  facts: {
    filters: [POLICY, takes('field', 'path of one field'), takes('group', 'first part of the path of fields')],
    text: [
      'policy',
      'field',
      {
        name: 'value',
        show: ({ valueText, valueNumber, unit }) =>
          `${showValue(valueText ?? valueNumber)}${unit === null ? '' : ` ${showValue(unit)}`}`,
      },
      { name: 'uncertain', show: ({ isUncertain }) => (isUncertain === true ? 'uncertain' : '') },
      'event',
    ],
  },
} as const satisfies Readonly<Record<string, List>>;

/** The name of a list that is a command. */
export type ListName = keyof typeof lists;

/** Defines the command that shows a list. */
export const defineList =
  (name: ListName): DefineCommand =>
  (command, terminal, done) => {
    const list: List = lists[name];
    command.argument('[point]', POINT_HELP, 'now');
    for (const { flags, says } of list.filters) command.option(flags, says);
    command.action(async (point: string, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const query = { ...(await readPoint(service, point, options)), ...filtersIn(list, options) };
          await renderRows(
            {
              pages: readPages(service, `/v1/${name}`, query),
              form: () => formOfTable(service, name),
              lines: tableText(list.text),
              empty: `No ${name}.`,
            },
            output,
          );
          return EXIT.ok;
        }),
      ),
    );
    addAskOptions(addPointOptions(command));
  };

const filtersIn = ({ filters }: List, options: Options): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filters.flatMap(({ flags, parameter, value }) => {
      const given = options[optionName(flags)];
      if (given === undefined) return [];
      return [[parameter, value ?? String(given)]];
    }),
  );

/** The name under which commander keeps an option: `--claimed-by <name>` is `claimedBy`. */
const optionName = (flags: string): string =>
  (/--([a-z-]+)/.exec(flags)?.[1] ?? '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A range of days: `12`, `3 to 8`, `at least 3`, `at most 8`; empty where nothing is known. */
function showDays(range: unknown): string {
  const [min, max] = [cell(range, 'min'), cell(range, 'max')];
  if (typeof min !== 'number') return typeof max === 'number' ? `at most ${max}` : '';
  if (typeof max !== 'number') return `at least ${min}`;
  return min === max ? String(min) : `${min} to ${max}`;
}

const cell = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
