/** A field of a state with its path and value. */
export interface StateField {
  readonly field: string;
  readonly value: unknown;
}

/** The groups of a state's fields; every other field stands alone. */
const GROUPS: ReadonlySet<string> = new Set([
  'terms',
  'positions',
  'hosts',
  'negotiations',
  'legal',
  'plans',
  'forecasts',
  'funding',
  'figures',
]);

/** Lists the fields of a state, which nests at the first dot of a field's path; status comes first. */
export function flatten(state: Readonly<Record<string, unknown>>): readonly StateField[] {
  return Object.entries(state)
    .flatMap(([group, value]) =>
      GROUPS.has(group) && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([rest, each]) => ({ field: `${group}.${rest}`, value: each }))
        : [{ field: group, value }],
    )
    .sort((one, other) => Number(other.field === 'status') - Number(one.field === 'status'));
}
