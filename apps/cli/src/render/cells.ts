import { z } from 'zod';

const quantity = z.object({ value: z.unknown(), unit: z.string().optional(), comparator: z.string().optional() });

const COMPARATORS: Readonly<Record<string, string>> = {
  'at-least': '≥ ',
  'at-most': '≤ ',
  nearly: 'nearly ',
  approx: '~ ',
};

/** Writes any value for people: texts as they are, quantities with their unit, the rest as JSON; nothing for nothing. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  const read = quantity.safeParse(value);
  if (!read.success || read.data.value === undefined) return JSON.stringify(value);
  const {
    unit,
    comparator,
    value: amount,
    ...rest
  } = { unit: undefined, comparator: undefined, ...read.data, ...value };
  const more = Object.entries(rest).flatMap(([name, part]) =>
    part === null || part === undefined ? [] : [`${name} ${showValue(part)}`],
  );
  const said = `${COMPARATORS[comparator ?? ''] ?? ''}${showValue(amount)}${unit === undefined ? '' : ` ${unit}`}`;
  return more.length === 0 ? said : `${said} (${more.join(', ')})`;
}

/** A value in a list of columns, found by the path of its name. */
export function cellAt(row: Readonly<Record<string, unknown>>, column: string): unknown {
  if (column in row) return row[column];
  const [first = '', ...rest] = column.split('.');
  const inner = row[first];
  if (rest.length === 0 || typeof inner !== 'object' || inner === null) return undefined;
  return cellAt({ ...inner }, rest.join('.'));
}

/** Lays texts out in columns: each but the last is as wide as its widest text, up to a limit. */
export function alignColumns(lines: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  return lines.map((cells) =>
    cells
      .map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const WIDEST = 60;

/** The width of each column that these lines need. */
export const widthsOf = (lines: readonly (readonly string[])[]): readonly number[] =>
  (lines[0] ?? []).map((_, index) =>
    Math.min(
      WIDEST,
      lines.reduce((widest, cells) => Math.max(widest, cells[index]?.length ?? 0), 0),
    ),
  );
