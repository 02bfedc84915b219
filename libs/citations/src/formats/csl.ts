import { type Reference, partsOfDay } from './reference.js';

/** A reference as an item of CSL-JSON. */
export interface CslItem {
  readonly id: string;
  readonly type: 'dataset';
  readonly title: string;
  readonly 'container-title': string;
  readonly author?: readonly { readonly literal: string }[];
  readonly publisher?: string;
  readonly version: string;
  readonly issued?: CslDate;
  readonly accessed?: CslDate;
  readonly URL: string;
  readonly note: string;
}

interface CslDate {
  readonly 'date-parts': readonly (readonly number[])[];
}

/** Writes a reference as an item of CSL-JSON, the format of Zotero, Pandoc and citeproc. */
export const cslReference = (reference: Reference): CslItem => {
  const { id, title, record, publisher, url, version, day, accessed, notes } = reference;
  return {
    id,
    type: 'dataset',
    title,
    'container-title': record,
    ...(publisher === undefined ? {} : { author: [{ literal: publisher }], publisher }),
    version,
    ...(day === undefined ? {} : { issued: { 'date-parts': [partsOfDay(day)] } }),
    ...(accessed === undefined ? {} : { accessed: { 'date-parts': [partsOfDay(accessed)] } }),
    URL: url,
    note: `${notes.join('. ')}.`,
  };
};
