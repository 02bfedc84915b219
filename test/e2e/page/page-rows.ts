/** A cell of a table as a reader sees it. */
export interface SeenCell {
  /** The title of its column, where the cell says it. */
  readonly title: string;
  readonly html: string;
  /** Its text; numbers without the spaces between their digits. */
  readonly text: string;
  /** What its first summary says. */
  readonly summary: string;
  /** The keys of the events that it links to. */
  readonly events: readonly string[];
}

/** Reads the rows of the tables of a page, from its markup; `kind` is a class of the tables wanted. */
export const rowsOfTables = (html: string, kind: string): readonly (readonly SeenCell[])[] =>
  partsOf(html, new RegExp(`<table class="[^"]*\\b${kind}\\b[^"]*"[^>]*>(.*?)</table>`, 'gs'))
    .flatMap((table) => partsOf(table, /<tbody[^>]*>(.*?)<\/tbody>/gs))
    .flatMap((body) => partsOf(body, /<tr(?![^>]*class="(?:uncertain|group)")[^>]*>(.*?)<\/tr>/gs))
    .map((row) =>
      [...row.matchAll(/<t[hd]([^>]*)>(.*?)<\/t[hd]>/gs)].map(([, start = '', html = '']) => cellOf(start, html)),
    );

/** The parts of a text that an expression captures. */
export const partsOf = (text: string, expression: RegExp): readonly string[] =>
  [...text.matchAll(expression)].map(([, part = '']) => part);

const cellOf = (start: string, html: string): SeenCell => ({
  title: /data-title="([^"]*)"/.exec(start)?.[1] ?? '',
  html,
  text: textOf(html),
  summary: textOf(partsOf(html, /<summary>(.*?)<\/summary>/gs)[0] ?? ''),
  events: partsOf(html, /<a [^>]*href="\/events\/([^"?]+)/g),
});

/** The text of a piece of markup, with its entities read and white space as it is shown. */
export const textOf = (html: string): string =>
  html
    .replaceAll(/<(?:li|br|dd|dt|p)\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/(?<=\d)\u202f(?=\d)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
