import { formatInstant } from '#domain';
import type { Memento, Mementos } from '#projections';
import { httpDate } from './http-dates.js';

/** The media type of time maps (RFC 7089, section 5; RFC 6690). */
export const LINK_FORMAT = 'application/link-format';

/** The address of a policy's state, without times; other parameters stay. */
export interface Original {
  readonly slug: string;
  /** Other parameters, without `?`; may be empty. */
  readonly query: string;
  readonly absolute: (address: string) => string;
}

const addressOf = ({ slug, query }: Original, times: string): string => {
  const parameters = [times, query].filter((part) => part !== '').join('&');
  return `/v1/policies/${slug}${parameters === '' ? '' : `?${parameters}`}`;
};

/** The absolute address of what has no times, which negotiates by `Accept-Datetime`. */
export const originalUrl = (original: Original): string => original.absolute(addressOf(original, ''));

/** The absolute address of a memento: pinned on all three times. */
export const mementoUrl = (original: Original, { at, recorded }: Memento): string => {
  const instant = formatInstant(at);
  return original.absolute(addressOf(original, `recordedAt=@${recorded}&knownAt=${instant}&validAt=${instant}`));
};

/** The absolute address of a page of the time map; without a page, of the first. */
export const timeMapUrl = ({ slug, absolute }: Original, page?: number, suffix = ''): string =>
  absolute(`/v1/policies/${slug}/timemap${suffix}${page === undefined || page === 1 ? '' : `?page=${page}`}`);

/** The links that every answer about the state of a policy has. */
export const ownLinks = (original: Original): readonly string[] => [
  `<${originalUrl(original)}>; rel="original timegate"`,
  `<${timeMapUrl(original)}>; rel="timemap"; type="${LINK_FORMAT}"`,
];

/** The links to those mementos that were picked, each once with all its relations. */
export const mementoLinks = (
  original: Original,
  { picked }: Mementos,
  relations: Readonly<Record<string, number>>,
): readonly string[] =>
  [...picked].map(([place, memento]) => {
    const names = Object.entries(relations).flatMap(([name, at]) => (at === place ? [name] : []));
    return mementoLink(original, memento, [...names, 'memento'].join(' '));
  });

/** The link to one memento. */
export const mementoLink = (original: Original, memento: Memento, relations: string): string =>
  `<${mementoUrl(original, memento)}>; rel="${relations}"; datetime="${httpDate(memento.at)}"`;
