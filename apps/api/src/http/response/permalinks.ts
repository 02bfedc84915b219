import { formatInstant } from '#domain';
import type { ResolvedCoordinate } from '#projections';
import type { ShownCoordinate } from './frame.js';

/** Writes a coordinate for an answer: instants, and the position to which `recordedAt` was resolved. */
export const showCoordinate = ({ recorded, recordedAt, knownAt, validAt }: ResolvedCoordinate): ShownCoordinate => ({
  recordedAt: { position: recorded, at: recordedAt === null ? null : formatInstant(recordedAt) },
  knownAt: formatInstant(knownAt),
  validAt: formatInstant(validAt),
});

/** The query parameters that pin an answer to a coordinate; with a prefix for one side of a diff. */
export const pinningParameters = ({ recordedAt, knownAt, validAt }: ShownCoordinate, prefix = ''): string =>
  `${prefix}recordedAt=@${recordedAt.position}&${prefix}knownAt=${knownAt}&${prefix}validAt=${validAt}`;

const OF_THE_MOMENT = /^(?:(?:from|to)\.)?(?:recordedAt|knownAt|validAt)$|^(?:from|to|atLeast|hidden|_)$/;

/** The permanent address of an answer: the requested address with pinned coordinates. */
export function permalinkOf(url: string, pinned: string): string {
  const [path = '', query = ''] = url.split('?');
  const kept = query.split('&').filter((part) => part !== '' && !OF_THE_MOMENT.test(nameOf(part)));
  return `${path}?${[pinned, ...kept].join('&')}`;
}

/** The address with a parameter, as it has it already or else with this value. */
export function withParameter(url: string, name: string, value: string): string {
  const [path = '', query = ''] = url.split('?');
  const given = query.split('&').filter((part) => part !== '');
  return given.some((part) => nameOf(part) === name) ? url : `${path}?${[...given, `${name}=${value}`].join('&')}`;
}

const nameOf = (part: string): string => decodeURIComponent(part.split('=')[0] ?? '');

/** The address of the next page: the cursor replaces the coordinate. */
export function nextPageOf(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const kept = query
    .split('&')
    .filter((part) => part !== '' && !OF_THE_MOMENT.test(nameOf(part)) && nameOf(part) !== 'cursor');
  return `${path}?${[...kept, `cursor=${cursor}`].join('&')}`;
}
