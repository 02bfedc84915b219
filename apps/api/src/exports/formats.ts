import type { FastifyRequest } from 'fastify';
import { tablesAt } from '#tables';
import { originForm } from '../http/request/addresses.js';
import { qualityOf } from '../http/request/media-types.js';

/** The formats of tables, by the suffix that asks for each. */
export const TABLE_FORMATS = ['json', 'csv', 'ndjson', 'parquet', 'csv-metadata.json'] as const;

/** See {@link TABLE_FORMATS}. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** The formats that are files of rows. */
export type FileFormat = Exclude<TableFormat, 'json' | 'csv-metadata.json'>;

/** The media type of each format. */
export const MEDIA_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  'csv-metadata.json': 'application/csvm+json',
} as const satisfies Readonly<Record<TableFormat, string>>;

const A_SUFFIX = new RegExp(
  `^(/v1/[^?]*?)[.](${[...TABLE_FORMATS].reverse().join('|').replaceAll('.', '[.]')})(?=[?]|$)`,
);

/** Documents that are files themselves: nothing is cut off. */
const A_DOCUMENT = /^\/v1\/datapackage[.]json(?=[?]|$)/;

/** An address without the suffix of a format. Slugs, keys and ids have no dots, so the suffix is unambiguous. */
export const withoutSuffix = (address: string): string =>
  A_DOCUMENT.test(address) ? address : address.replace(A_SUFFIX, '$1');

/** The suffix that an address has, known or not, without its dot; undefined if it has none. */
export function suffixOf(url: string): string | undefined {
  const address = originForm(url);
  const known = A_SUFFIX.exec(address)?.[2];
  if (A_DOCUMENT.test(address)) return undefined;
  return known ?? /^\/v1\/(?:[^?]*\/)?[^/?.]+[.]([\w.-]+)(?=[?]|$)/.exec(address)?.[1];
}

/** The lists of one policy, by the list of all policies that has the same items. */
const OF_POLICY: Readonly<Record<string, string>> = {
  timeline: '/v1/events',
  history: '/v1/history',
  diff: '/v1/diff',
};

/** The list of all policies whose tables are those of an address without suffix; undefined if it has none. */
export function tablePathOf(address: string): string | undefined {
  const [path = ''] = address.split('?');
  const [, part = ''] = /^\/v1\/policies\/[^/]+\/(\w+)$/.exec(path) ?? [];
  const list = OF_POLICY[part] ?? path;
  return tablesAt(list).length > 0 ? list : undefined;
}

/** The format in which a request is answered: that of its suffix, else the one that it accepts most. */
export function tableFormatOf({
  originalUrl,
  url,
  headers: { accept },
}: Pick<FastifyRequest, 'originalUrl' | 'url' | 'headers'>): TableFormat {
  const suffix = suffixOf(originalUrl);
  const named = TABLE_FORMATS.find((format) => format === suffix);
  if (named !== undefined) return named;
  if (accept === undefined || accept === '*/*' || tablePathOf(url) === undefined) return 'json';
  const qualities = TABLE_FORMATS.map((format) => ({ format, quality: qualityOf(MEDIA_TYPES[format], accept) }));
  // The first of those that are equally welcome.
  return qualities.reduce((best, each) => (each.quality > best.quality ? each : best)).format;
}
