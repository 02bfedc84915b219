import type { Rejection } from './rejection.js';

/**
 * Fields that were renamed, by their former names.
 *
 * A former name is accepted for ever, is on record for ever and means the same. Bodies in memory and new entries have only
 * the current name; answers have both, so that clients of the former name continue to work.
 */
const OLDER_NAMES = { embargoed: 'forthcoming' } as const satisfies Readonly<Record<string, string>>;

type Fields = Readonly<Record<string, unknown>>;

const RENAMED = Object.entries(OLDER_NAMES);

/** Renames fields to their current names, including those in the changes of a correction. */
export function useCurrentNames(fields: Fields): Fields {
  const { changes } = fields;
  const below = isFields(changes) ? useCurrentNames(changes) : changes;
  // Returns the same object if nothing changes: there are very many bodies, and few have a former name.
  if (below === changes && !RENAMED.some(([older]) => older in fields)) return fields;
  const renamed = new Map(RENAMED);
  return Object.fromEntries([
    ...Object.entries(fields).map(([field, value]) => [renamed.get(field) ?? field, value] as const),
    ...(isFields(below) ? [['changes', below] as const] : []),
  ]);
}

/** Adds the former names of fields, for clients that know those. */
export function addOlderNames(fields: Fields): Fields {
  const older = RENAMED.flatMap(([name, today]) => (today in fields ? [[name, fields[today]] as const] : []));
  return older.length === 0 ? fields : { ...fields, ...Object.fromEntries(older) };
}

/** Rejects fields that are given under both names with different values. */
export function olderNameFaults(fields: Fields, pointer = ''): readonly Rejection[] {
  const { changes } = fields;
  return [
    ...RENAMED.flatMap(([older, today]): readonly Rejection[] =>
      fields[older] === undefined || fields[today] === undefined || fields[older] === fields[today]
        ? []
        : [
            {
              code: 'names-disagree',
              pointer: `${pointer}/${older}`,
              message: `"${older}" is the former name of "${today}", and the two have different values. Leave "${older}" out.`,
            },
          ],
    ),
    ...(isFields(changes) ? olderNameFaults(changes, `${pointer}/changes`) : []),
  ];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
