import type { Rejection } from './rejection.js';

/**
 * Fields that had another name before.
 *
 * The older name is taken for ever, is on record for ever and means the same. Bodies in memory and new entries have
 * today's name alone; answers have both, so that nobody who reads the older one loses it.
 */
const OLDER_NAMES = { embargoed: 'forthcoming' } as const satisfies Readonly<Record<string, string>>;

type Fields = Readonly<Record<string, unknown>>;

const RENAMED = Object.entries(OLDER_NAMES);

/** Some fields of an event's body under today's names; what a correction changes included. */
export function useCurrentNames(fields: Fields): Fields {
  const { changes } = fields;
  const below = isFields(changes) ? useCurrentNames(changes) : changes;
  // The same object where nothing changes: there are very many bodies, and few have an older name.
  if (below === changes && !RENAMED.some(([older]) => older in fields)) return fields;
  const renamed = new Map(RENAMED);
  return Object.fromEntries([
    ...Object.entries(fields).map(([field, value]) => [renamed.get(field) ?? field, value] as const),
    ...(isFields(below) ? [['changes', below] as const] : []),
  ]);
}

/** Some fields of an event's body under both names, for those who know the older ones. */
export function addOlderNames(fields: Fields): Fields {
  const older = RENAMED.flatMap(([name, today]) => (today in fields ? [[name, fields[today]] as const] : []));
  return older.length === 0 ? fields : { ...fields, ...Object.fromEntries(older) };
}

/** What is wrong with fields that are given under both names: they must say the same. */
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
