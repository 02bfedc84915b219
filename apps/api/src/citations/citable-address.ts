import { originForm, withoutParameters } from '../http/request/addresses.js';

/** An address that can be asked for an answer to cite, or why there is none. */
export type CitableAddress =
  | { readonly ok: true; readonly data: string; readonly isPage: boolean }
  | { readonly ok: false; readonly message: string };

/** Addresses whose answers hold at no coordinate, or have no end. */
const NOT_AT_A_COORDINATE = /^\/v1\/(?:about|audit|citations|imports|keys|projections)(?=[/?]|$)|\/stream(?=\?|$)/;

/** What an answer would be without some events: nobody has said so. */
const HYPOTHETICAL = /[?&]without=/;

/** Formats of the same answer: cited is what they say. */
const FORMAT = /\.(?:json|csv|ndjson|parquet|csv-metadata\.json)$/;

const refuse = (message: string): CitableAddress => ({ ok: false, message });

/**
 * Finds the address of the data of what is to be cited: an address below `/v1`, or one of a page, which is that of its
 * data without `/v1`. Whether it is pinned is known when it answers.
 *
 * `origins` are those under which this service is known.
 */
export function citableAddress(url: string, origins: readonly string[]): CitableAddress {
  const [own = 'http://localhost'] = origins;
  if (!URL.canParse(url, own) || /^\/\/|\\|\s/.test(url)) return refuse('is not a well-formed address');
  const { origin, pathname, search } = new URL(url, own);
  if (!origins.includes(origin)) return refuse(`is not an address of this service, which is ${origins.join(' or ')}`);
  const path = originForm(pathname).replace(FORMAT, '');
  const isPage = !path.startsWith('/v1/');
  const page = path.replace(/^\/embed(?=\/|$)/, '').replace(/(?<=.)\/$/, '') || '/';
  const data = `${isPage ? (page === '/' ? '/v1/policies' : `/v1${page}`) : path}${withoutShape(originForm(search))}`;
  if (HYPOTHETICAL.test(data))
    return refuse('leaves something out, so nothing of the record says so: cite the answer without `without`');
  return NOT_AT_A_COORDINATE.test(data)
    ? refuse('has no answer at a coordinate, so there is nothing to cite: cite a state, a list or a comparison')
    : { ok: true, data, isPage };
}

/** The rows of a list alone do not say at which coordinate they hold. */
function withoutShape(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('shape='));
  return kept.length === 0 ? '' : `?${kept.join('&').replaceAll(/%40/gi, '@').replaceAll(/%3A/gi, ':')}`;
}

/** The address of the page that shows the data at an address. */
export const pageOf = (data: string): string => data.replace(/^\/v1\/policies(?=\?|$)/, '/').replace(/^\/v1(?=\/)/, '');

/** The address of the data that a page, or itself, shows. */
export const dataOf = (address: string): string =>
  address.startsWith('/v1/') ? address : address.replace(/^\/(?=\?|$)/, '/policies').replace(/^/, '/v1');

const RECORDED = /^(?:(?:from|to)\.)?recordedAt=/;

/** The same question asked of the record of today: the address without its recorded times. */
export const askedToday = (data: string): string => withoutParameters(data, RECORDED);
