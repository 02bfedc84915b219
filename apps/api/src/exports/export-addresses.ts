import { dayAt } from '#domain';
import type { ResolvedCoordinate } from '#projections';
import { originForm } from '../http/request/addresses.js';
import { permalinkOf, pinningParameters, showCoordinate } from '../http/response/permalinks.js';
import { type TableFormat, withoutSuffix } from './formats.js';

/** Parameters of pages, which a file has not. */
const OF_PAGES = /^(?:limit|shape|atLeast|hidden|explain)$/;

/** The address of a request as that of its file in a format, without what does not change the file. */
export function fileAddress(url: string, format: TableFormat): string {
  const [path = '', query = ''] = withoutSuffix(originForm(url)).split('?');
  const kept = query.split('&').filter((part) => part !== '' && !OF_PAGES.test(part.split('=')[0] ?? ''));
  return `${path}.${format}${kept.length === 0 ? '' : `?${kept.join('&')}`}`;
}

/** The same address with the parameters of a coordinate, at which the file stays the same. */
export const pinAddress = (address: string, at: ResolvedCoordinate): string =>
  permalinkOf(address, pinningParameters(showCoordinate(at)));

/** What a file is called by, beside its table and coordinate. */
export interface FileKind {
  readonly format: TableFormat;
  readonly zone: string;
  readonly isHypothetical: boolean;
}

/** The name under which a file is saved: what it holds, and where; of what is not on record, that it is hypothetical. */
export function fileName(
  stem: string,
  { recorded, knownAt, validAt }: ResolvedCoordinate,
  { format, zone, isHypothetical }: FileKind,
): string {
  const [known, valid] = [dayAt(knownAt, zone), dayAt(validAt, zone)];
  const validPart = known === valid ? '' : `-valid-${valid}`;
  return `${isHypothetical ? 'hypothetical-' : ''}${stem}-known-${known}${validPart}-at-${recorded}.${format}`;
}

/** What a file is called by its table and, where it is about one policy, by that. */
export function fileStem(address: string, table: string): string {
  const [, slug] = /^\/v1\/policies\/([^/?]+)\//.exec(address) ?? [];
  const name = table.replaceAll('_', '-');
  return slug === undefined ? name : `${slug}-${name}`;
}
