import { promisify } from 'node:util';
import { createDeflate, createGzip, deflate, gzip } from 'node:zlib';

/** The supported content codings, the preferred first. */
const CODINGS = ['gzip', 'deflate'] as const;

/** A content coding (RFC 9110, section 8.4.1). */
export type Coding = (typeof CODINGS)[number];

/** The codings that a request accepts. */
export interface AcceptedCodings {
  /** The coding to compress with; undefined: none. */
  readonly coding: Coding | undefined;
  /** True if an uncompressed answer is acceptable. */
  readonly plain: boolean;
}

/** Reads `Accept-Encoding` (RFC 9110, section 12.5.3): the coding of highest quality, unless plain is preferred. */
export function readAcceptedCodings(header: string | undefined): AcceptedCodings {
  if (header === undefined) return { coding: undefined, plain: true };
  const qualities = new Map(header.split(',').map(qualityOf));
  const others = qualities.get('*');
  const quality = (coding: Coding): number => qualities.get(coding) ?? qualities.get(`x-${coding}`) ?? others ?? 0;
  const coding = CODINGS.filter((each) => quality(each) > 0).sort((one, other) => quality(other) - quality(one))[0];
  const best = coding === undefined ? 0 : quality(coding);
  const identity = qualities.get('identity') ?? others;
  if (identity !== undefined && identity > best) return { coding: undefined, plain: true };
  return { coding, plain: identity !== 0 || coding === undefined };
}

/** Compresses a text, for each coding. */
export const compress: Readonly<Record<Coding, (text: string | Uint8Array) => Promise<Buffer>>> = {
  gzip: promisify<string | Uint8Array, Buffer>(gzip),
  deflate: promisify<string | Uint8Array, Buffer>(deflate),
};

/** Creates a compressing stream, for each coding. */
export const compressors = { gzip: () => createGzip(), deflate: () => createDeflate() } as const satisfies Record<
  Coding,
  unknown
>;

const A_QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

function qualityOf(text: string): readonly [coding: string, quality: number] {
  const [coding = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [coding, given === undefined ? 1 : A_QUALITY.test(given) ? Number(given) : 0];
}
