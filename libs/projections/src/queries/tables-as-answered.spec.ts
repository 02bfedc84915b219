import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type TidyTable, tables } from '#tables';
import {
  ActorsAt,
  AnomaliesAt,
  ClaimsAt,
  DiffBetween,
  EventsAt,
  FactTableAt,
  FiguresAt,
  HistoriesAt,
  NegotiationsAt,
  PoliciesAt,
  PositionsAt,
  SeriesAt,
  SourcesAt,
} from './read-side.queries.js';
import { PromisesAt, TurnsAt } from './analysis/analysis.queries.js';

/** The items of the list that each table is made from. */
const ITEMS: Readonly<Record<string, z.ZodObject>> = {
  '/v1/policies': PoliciesAt.answer,
  '/v1/facts': FactTableAt.answer,
  '/v1/history': HistoriesAt.answer,
  '/v1/series': SeriesAt.answer,
  '/v1/events': EventsAt.answer,
  '/v1/figures': FiguresAt.answer,
  '/v1/positions': PositionsAt.answer,
  '/v1/negotiations': NegotiationsAt.answer,
  '/v1/claims': ClaimsAt.answer,
  '/v1/sources': SourcesAt.answer,
  '/v1/actors': ActorsAt.answer,
  '/v1/anomalies': AnomaliesAt.answer,
  '/v1/promises': PromisesAt.answer,
  '/v1/turns': TurnsAt.answer,
  '/v1/diff': DiffBetween.change,
};

/** The forms that JSON Schema gives a field: its type, its format, and those it takes beside. */
function formsOf({ shape }: z.ZodObject): ReadonlyMap<string, string> {
  // A schema with a name of its own would only be referred to.
  const { properties = {}, $defs = {} } = z.toJSONSchema(z.object(shape), { io: 'output', unrepresentable: 'any' });
  const form = (field: Readonly<Record<string, unknown>>): string => {
    const { anyOf, type, format, items, $ref } = field;
    if (typeof $ref === 'string') return form(Object($defs[$ref.replace('#/$defs/', '')]));
    if (Array.isArray(anyOf)) return anyOf.map((each) => form(Object(each))).join(' or ');
    if (type === 'array') return `list of ${form(Object(items))}`;
    if (Array.isArray(type)) return type.map((each) => form({ ...field, type: each })).join(' or ');
    return [type, type === 'null' ? undefined : format]
      .filter((word) => word !== undefined && word !== 'date')
      .join(' ');
  };
  return new Map(Object.entries(properties).map(([name, field]) => [name, form(Object(field))]));
}

/** Columns with the name of a field that they cannot have the form of: a text may be erased or absent there. */
const WIDER: ReadonlySet<string> = new Set(['events.note']);

const own = tables.filter(({ path, name }) => tables.find((table) => table.path === path)?.name === name);

describe('a table', () => {
  it.each(own.map((table) => [table.name, table] as const))(
    'of %s has the fields of its list',
    (name, table: TidyTable) => {
      const [answered, declared] = [formsOf(ITEMS[table.path] ?? z.object({})), formsOf(table.schema)];
      const shared = table.columns.filter(
        (column) => answered.has(column.name) && !WIDER.has(`${name}.${column.name}`),
      );
      expect(shared.length).toBeGreaterThan(table.columns.length / 3);
      for (const column of shared) {
        const [inJson, inTable] = [answered.get(column.name) ?? '', declared.get(column.name) ?? ''];
        // A field that is not always there, or of any value, is `null` in a table.
        expect([column.name, column.type === 'json' ? '' : inTable.replace(' or null', '')]).toEqual([
          column.name,
          column.type === 'json' ? '' : inJson.replace(' or null', ''),
        ]);
        if (inJson.endsWith(' or null')) expect([column.name, column.isNullable]).toEqual([column.name, true]);
      }
    },
  );

  it('is made from every list of rows', () => {
    expect([...new Set(tables.map(({ path }) => path))]).toEqual(Object.keys(ITEMS));
  });
});
