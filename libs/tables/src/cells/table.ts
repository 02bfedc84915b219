import { z } from 'zod';
import type { Json } from '#domain';

/** An item of a list, as its answer in JSON has it. */
export type Item = Readonly<Record<string, unknown>>;

/** The value of one column in one row: what JSON can hold; `null` where there is none. */
export type TableCell = Json;

/** A row of a table: a cell for each column, in their order. */
export type TableRow = readonly TableCell[];

/**
 * What a column holds.
 *
 * `instant` is RFC 3339 in UTC with milliseconds, `day` is `YYYY-MM-DD`, `texts` a list of texts, `json` any value.
 */
export type ColumnType = 'text' | 'number' | 'integer' | 'boolean' | 'instant' | 'day' | 'texts' | 'json';

/** A column, with one name in each door: as it is in JSON, CSV and Parquet, and in snake case in SQL. */
export interface Column {
  readonly name: string;
  readonly sqlName: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  readonly description: string;
}

/** The day on which an instant lies, in the zone of the service. */
export type DayOf = (instant: string) => string;

/** Finds the cell of a column in an item. */
type CellOf = (item: Item, dayOf: DayOf) => TableCell;

/** A table: what its rows are, and how they follow from the items of a list. */
export interface TidyTable {
  /** In snake case, as SQL and the Data Package name it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The list of the interface that it is made from. */
  readonly path: string;
  /** One row, with a field for each column. */
  readonly schema: z.ZodObject;
  readonly columns: readonly Column[];
  /** The rows that an item comes to: one, or of a long table one for each entry of a list in it. */
  readonly rowsOf: (item: Item, dayOf: DayOf) => readonly TableRow[];
}

/** What a table is declared by. */
interface Declaration {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly path: string;
  /** In the order of the columns; each needs a description. */
  readonly columns: z.ZodRawShape;
  /** Where a column has another value than the field of the item with its name. */
  readonly from?: Readonly<Record<string, CellOf>>;
  /** The items that an item of the list stands for; itself unless told. */
  readonly each?: (item: Item) => readonly Item[];
}

/** Makes a table of its declaration. */
export function declareTable({ columns: shape, from = {}, each = (item) => [item], ...said }: Declaration): TidyTable {
  const schema = z.object(shape);
  const columns = columnsOf(schema);
  const cells = columns.map(({ name }): CellOf => from[name] ?? ((item) => cellOf(item[name])));
  return {
    ...said,
    schema,
    columns,
    rowsOf: (item, dayOf) => each(item).map((part) => cells.map((cell) => cell(part, dayOf))),
  };
}

/** The value of a field as a cell: what is absent is `null`. */
export const cellOf = (value: unknown): TableCell => (isJson(value) ? value : null);

const isJson = (value: unknown): value is Json => value !== undefined;

/** The same table with some of its columns, in the order given; undefined where it has no column of a name. */
export function selectColumns(table: TidyTable, names: readonly string[]): TidyTable | undefined {
  const places = names.map((name) => table.columns.findIndex((column) => column.name === name));
  const columns = places.flatMap((place) => table.columns[place] ?? []);
  if (columns.length < names.length) return undefined;
  return {
    ...table,
    schema: z.object(Object.fromEntries(names.flatMap((name) => fieldOf(table.schema, name)))),
    columns,
    rowsOf: (item, dayOf) => table.rowsOf(item, dayOf).map((row) => places.map((place) => row[place] ?? null)),
  };
}

function fieldOf({ shape }: z.ZodObject, name: string): readonly (readonly [string, z.core.$ZodType])[] {
  const field = shape[name];
  return field === undefined ? [] : [[name, field]];
}

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly anyOf?: readonly PropertySchema[];
  readonly items?: PropertySchema;
}

function columnsOf(schema: z.ZodObject): readonly Column[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const found: PropertySchema = Object(property);
    return columnOf(name, found);
  });
}

function columnOf(name: string, property: PropertySchema): Column {
  const { description = '' } = property;
  const forms = formsOf(property);
  const [value = {}, ...others] = forms.filter(({ type }) => type !== 'null');
  const type = others.length > 0 ? 'json' : typeOf(value);
  return {
    name,
    sqlName: snakeCase(name),
    type,
    isNullable: type === 'json' || forms.some(({ type: each }) => each === 'null'),
    description: description || value.description || '',
  };
}

/** The forms that a value may have, `null` among them. */
function formsOf({ anyOf, ...property }: PropertySchema): readonly PropertySchema[] {
  const { type } = property;
  if (anyOf) return anyOf;
  return typeof type === 'string' || type === undefined
    ? [property]
    : type.map((each) => ({ ...property, type: each }));
}

function typeOf({ type, format, items }: PropertySchema): ColumnType {
  if (type === 'string') return format === 'date-time' ? 'instant' : format === 'date' ? 'day' : 'text';
  if (type === 'number' || type === 'integer' || type === 'boolean') return type;
  return type === 'array' && items?.type === 'string' ? 'texts' : 'json';
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
