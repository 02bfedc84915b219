import type { Citation, CitedPoint, Reference } from '#citations';
import { SERVICE_NAME } from '../openapi/document.js';

/** Who publishes the record, and under which terms. */
export interface PublishingTerms {
  readonly publisher?: string | undefined;
  readonly licence?: string | undefined;
}

/** What there is to refer to. */
export interface Referred extends Pick<Citation, 'title' | 'answerSha256' | 'points'> {
  readonly id: string;
  /** Where readers find it, and the pinned address; both absolute. */
  readonly url: string;
  readonly pinnedUrl: string;
  /** Milliseconds since 1970; absent for a reference that nobody asked to be kept. */
  readonly citedAt?: number;
}

/** Everything that references to an answer say, in any format. */
export function referenceOf(referred: Referred, { publisher, licence }: PublishingTerms): Reference {
  const { id, title, url, pinnedUrl, citedAt, answerSha256, points } = referred;
  const latest = points.reduce((one, other) => (other.recorded > one.recorded ? other : one));
  return {
    id: `ptl-${id}`,
    title,
    record: SERVICE_NAME,
    publisher,
    url,
    version: `@${latest.recorded}`,
    day: latest.recordedAt?.slice(0, 10),
    accessed: citedAt === undefined ? undefined : new Date(citedAt).toISOString().slice(0, 10),
    notes: [
      points.map(inWords).join(' and '),
      ...(pinnedUrl === url ? [] : [`Pinned address: ${pinnedUrl}`]),
      `SHA-256 of the answer: ${answerSha256}`,
      ...(licence === undefined ? [] : [`Licence: ${licence}`]),
    ],
  };
}

const inWords = ({ recorded, knownAt, validAt }: CitedPoint): string =>
  `Known at ${knownAt}, valid at ${validAt}, recorded up to position ${recorded}`;
