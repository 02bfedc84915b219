import {
  BODY_FIELDS,
  formatInstant,
  fromStored,
  instant,
  position as positionOf,
  presentBody,
  revision,
} from '#domain/stored';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import type { IncludedEntry } from './check-inclusion.js';
import { type CheckOutcome, notVerified } from './check-outcome.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Compares an event as answers show it with its entry: where it is in the log, and every field of its body.
 *
 * An event that was corrected since is compared by its body as first recorded. What stays open is that, texts to which
 * the entry only commits, and what the answer says beside the body, like the event's dating.
 */
export function compareShown(shown: unknown, { position, entry }: IncludedEntry): CheckOutcome<IncludedEntry> {
  const compared = compareFields(shown, { position, entry });
  if (compared === undefined) return notVerified('not-an-entry', position, 'The entry cannot be read as an event.');
  return compared.ok
    ? { verdict: 'verified', position, entry, unproven: compared.value }
    : notVerified('shown-differs', position, compared.message);
}

function compareFields(shown: unknown, { position, entry }: IncludedEntry): ParseResult<readonly string[]> | undefined {
  if (!isObject(shown)) return unreadable('The event is not shown as an object.');
  const { id, key, revision: place } = entry;
  const recordedAt = formatInstant(instant(entry.recordedAt));
  // Who recorded it is shown to some only: where it is, it must be whom the entry names.
  const by = shown['recordedBy'] === undefined ? {} : { recordedBy: entry.by };
  const own = { id, key, position, revision: place, recordedAt, ...by };
  const comparison: Comparison = { at: '', committed: [] };
  const differing = differenceOf(own, pick(shown, Object.keys(own)), comparison);
  if (differing !== undefined) return differs(differing);
  const isCorrected = isObject(shown['recordedAs']);
  const body = isCorrected ? shown['recordedAs'] : shown;
  const recorded = bodyOf({ position, entry });
  if (!recorded) return undefined;
  const pointer = differenceOf(
    withLinks(recorded),
    isObject(body) ? withLinks(pick(body, BODY_FIELDS)) : body,
    comparison,
  );
  if (pointer !== undefined) return differs(pointer);
  return read([
    ...(isCorrected ? ['What the corrections since make of it: the proof of the answer shows that.'] : []),
    ...comparison.committed.map((at) => `The text at ${at}: the entry holds a commitment to it alone.`),
    'What is shown beside its body: what links to it, corrects it and dates it.',
  ]);
}

const differs = (pointer: string) => unreadable(`It is shown otherwise than it was recorded, at ${pointer || '/'}.`);

/** Undefined where an operator signed what is no event. */
function bodyOf({ position, entry }: IncludedEntry): Fields | undefined {
  const place = { position: positionOf(position), revision: revision(entry.revision) };
  try {
    return pick(presentBody(fromStored({ ...entry, ...place, erasable: [] }).body), BODY_FIELDS);
  } catch {
    return undefined;
  }
}

/** An answer about one event always has a list of links; a body without any need not. */
const withLinks = (body: Fields): Fields => ({ ...body, links: body['links'] ?? [] });

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));

/** Where two values are compared. */
interface Comparison {
  /** JSON Pointer. */
  readonly at: string;
  /** Takes the pointers of texts that the entry only commits to: they cannot be compared. */
  readonly committed: string[];
}

/** The JSON Pointer of the first difference between what was recorded and what is shown; undefined where there is none. */
function differenceOf(recorded: unknown, shown: unknown, { at, committed }: Comparison): string | undefined {
  if (isErased(recorded) && (isErased(shown) || typeof shown === 'string')) {
    committed.push(at);
    return undefined;
  }
  const [one, other] = [membersOf(recorded), membersOf(shown)];
  if (!one || !other) return recorded === shown ? undefined : at;
  if (Array.isArray(recorded) !== Array.isArray(shown)) return at;
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const found = differenceOf(one.get(name), other.get(name), { at: `${at}/${name}`, committed });
    if (found !== undefined) return found;
  }
  return undefined;
}

const isErased = (value: unknown): boolean => isObject(value) && value['erased'] === true;

const membersOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
