import { fieldName } from '../words/event-words.js';
import { capitalise } from '../words/words.js';
import type { Path } from './body.js';

/** What is asked for in other words than the name of its field. */
const ASKED: Readonly<Record<string, string>> = {
  occurred: 'When it happened',
  publishedAt: 'When it became public',
  epistemic: 'How well established it is',
  modality: 'Whether it has happened',
  plannedFor: 'When it is due',
  effective: 'Period of its effect, if another',
  alsoPolicies: 'Other policies that it concerns',
  attributedTo: 'Who says so, if none of the actors',
  via: 'Where it was said',
  target: 'The event that this is about',
  reason: 'Why the record is changed',
  ordinal: 'Order within its day',
  genre: 'Kind of source',
  locator: 'Place in the source',
  url: 'Web address',
  sha256: 'SHA-256 of the copy that was read',
  slug: 'Short name in addresses',
  aliases: 'Other short names',
};

const OF_A_SOURCE: Readonly<Record<string, string>> = { publishedAt: 'When it was published' };

/** The label of a field at a place of a form: of the last name in its path. */
export function labelOfPath(path: Path): string {
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  if (name === 'key' && path.length === 1) return 'Short name of the event';
  return (path.includes('sources') ? OF_A_SOURCE[name] : undefined) ?? ASKED[name] ?? capitalise(fieldName(name));
}

/** Where a mistake is, in words: the labels on the way to its field, and the numbers of entries. */
export function placeInWords(pointer: string): string {
  const path = pointer.split('/').slice(1);
  const labels = path.flatMap((part, index) =>
    /^\d+$/.test(part) ? [String(Number(part) + 1)] : [labelOfPath(path.slice(0, index + 1))],
  );
  return labels.length === 0 ? 'The event' : labels.join(', ');
}

/** A help of this length is said whole. */
const SHORT_HELP = 170;

/** What is said of a field at once, and the rest, which whoever needs it unfolds. */
export function splitHelp(about: string): { readonly first: string; readonly rest: string } {
  const plain = about.replaceAll('`', '');
  if (plain.length <= SHORT_HELP && !plain.includes('\n')) return { first: plain, rest: '' };
  const [, first = plain, rest = ''] = /^(.+?\.)\s+(\S[^]*)$/.exec(plain) ?? [];
  return { first, rest };
}
