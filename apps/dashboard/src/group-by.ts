/** Groups rows by a text, in the order in which it first occurs; the rows of each in their order. */
export function groupBy<Row>(rows: readonly Row[], by: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(by(row)) ?? [];
    groups.set(by(row), group);
    group.push(row);
  }
  return groups;
}
