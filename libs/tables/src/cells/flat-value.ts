import type { Json } from '#domain';

/** A value of a field in columns, of which at most one of the first two is not `null`. */
export interface FlatValue {
  readonly valueText: string | null;
  readonly valueNumber: number | null;
  readonly unit: string | null;
}

/** A value in columns: of a term or figure what it says and its unit. */
export function flatValue(value: Json): FlatValue {
  if (typeof value === 'object' && value !== null && 'value' in value)
    return { ...plainValue(value.value ?? null), unit: typeof value.unit === 'string' ? value.unit : null };
  return { ...plainValue(value), unit: null };
}

function plainValue(value: Json): Omit<FlatValue, 'unit'> {
  if (value === null) return { valueText: null, valueNumber: null };
  if (typeof value === 'number') return { valueText: null, valueNumber: value };
  return { valueText: typeof value === 'string' ? value : JSON.stringify(value), valueNumber: null };
}
