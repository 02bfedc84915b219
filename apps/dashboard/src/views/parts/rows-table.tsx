import type { ComponentChildren, VNode } from 'preact';

/** A column of a table: its title, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  /** Nothing at all where the row has nothing to say. */
  readonly cell: (row: Row) => ComponentChildren;
}

interface RowsTableProps<Row> {
  /** What the table lists, for those who cannot see where it stands. */
  readonly label: string;
  /** The first names its row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** True where the first column has long texts. */
  readonly isWordy?: boolean;
  /** The id of a row, for links to it. */
  readonly idOf?: (row: Row) => string;
}

// The roles keep it a table where narrow screens show each row as a card.
/** A table of rows; on a narrow screen each row is a card, in which the titles of the columns stand before the values. */
export function RowsTable<Row>({ label, columns, rows, isWordy = false, idOf }: RowsTableProps<Row>): VNode {
  return (
    <table class={isWordy ? 'rows wordy' : 'rows'} role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, isNumber }) => (
            <th scope="col" role="columnheader" class={isNumber === true ? 'number' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" id={idOf?.(row)}>
            {columns.map((column, index) => (
              <Cell column={column} row={row} isFirst={index === 0} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly isFirst: boolean;
}

function Cell<Row>({ column, row, isFirst }: CellProps<Row>): VNode {
  const content = column.cell(row);
  if (isFirst)
    return (
      <th scope="row" role="rowheader">
        {content}
      </th>
    );
  return (
    <td role="cell" class={column.isNumber === true ? 'number' : undefined} data-title={column.title}>
      {content}
    </td>
  );
}
