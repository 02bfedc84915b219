/** What a citation says. */
export interface Cited {
  readonly title: string;
  /** Who publishes the log; the name of the service where nobody is named. */
  readonly publisher: string;
  /** When it was known, about when, and as recorded when, in a sentence without its stop. */
  readonly sentence: string;
  /** The address that shows the same for ever. */
  readonly url: string;
  /** The day of what was known, as an ISO date. */
  readonly knownOn: string;
  /** The day of reading, as an ISO date. */
  readonly readOn: string;
  /** The root of the signed log when it was read: its first digits, and the number of entries; absent if it was not checked. */
  readonly root: { readonly digits: string; readonly size: number } | undefined;
}

/** The forms in which a citation is offered. */
export const CITATION_FORMS = ['Text', 'Markdown', 'CSL-JSON', 'BibTeX', 'Wikipedia'] as const;

/** The name of a form of citations. */
export type CitationForm = (typeof CITATION_FORMS)[number];

/** Writes a citation in one of its forms. */
export const writeCitation = (form: CitationForm, cited: Cited): string => WRITERS[form](cited);

const rootInWords = ({ root }: Cited): string =>
  root === undefined ? '' : ` The signed log had ${root.size} entries and the root ${root.digits}….`;

const noteOf = (cited: Cited): string => `${cited.sentence}.${rootInWords(cited)}`;

const WRITERS: Readonly<Record<CitationForm, (cited: Cited) => string>> = {
  Text: (cited) => `${cited.publisher}: ${cited.title}. ${noteOf(cited)} Read on ${cited.readOn}. ${cited.url}`,
  Markdown: (cited) =>
    `${markdownText(cited.publisher)}: [${markdownText(cited.title)}](${cited.url}). ${markdownText(noteOf(cited))} Read on ${cited.readOn}.`,
  'CSL-JSON': (cited) => JSON.stringify([cslItem(cited)], undefined, 2),
  BibTeX: (cited) =>
    [
      `@misc{${keyOf(cited)},`,
      `  title = {{${bibTexText(cited.title)}}},`,
      `  author = {{${bibTexText(cited.publisher)}}},`,
      `  year = {${cited.knownOn.slice(0, 4)}},`,
      `  note = {${bibTexText(noteOf(cited))}},`,
      `  url = {${cited.url}},`,
      `  urldate = {${cited.readOn}}`,
      '}',
    ].join('\n'),
  Wikipedia: (cited) =>
    `{{cite web |title=${wikiText(cited.title)} |url=${wikiAddress(cited.url)} |website=${wikiText(cited.publisher)} |date=${cited.knownOn} |access-date=${cited.readOn}}} ${wikiText(noteOf(cited))}`,
};

const cslItem = (cited: Cited): object => ({
  id: keyOf(cited),
  type: 'webpage',
  title: cited.title,
  author: [{ literal: cited.publisher }],
  issued: datePartsOf(cited.knownOn),
  accessed: datePartsOf(cited.readOn),
  URL: cited.url,
  note: noteOf(cited),
});

const datePartsOf = (isoDay: string): object => ({ 'date-parts': [isoDay.split('-').map(Number)] });

/** A name by which texts refer to a citation: letters, digits and hyphens of the address and the day. */
const keyOf = ({ url, knownOn }: Cited): string =>
  `${new URL(url).pathname.slice(1).replaceAll(/[^A-Za-z0-9]+/g, '-')}-${knownOn}`;

const markdownText = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');

/** The characters to which TeX gives a meaning, as it writes them. */
const IN_TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

const bibTexText = (text: string): string =>
  text.replaceAll(/[\\{}&%$#_~^]/g, (character) => IN_TEX[character] ?? `\\${character}`);

const wikiText = (text: string): string =>
  text.replaceAll('|', '{{!}}').replaceAll('[', '&#91;').replaceAll(']', '&#93;').replaceAll('<', '&lt;');

const wikiAddress = (url: string): string =>
  url
    .replaceAll('|', '%7C')
    .replaceAll('[', '%5B')
    .replaceAll(']', '%5D')
    .replaceAll('}', '%7D')
    .replaceAll(' ', '%20');
