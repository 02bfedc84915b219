import { type Reference, oneLine } from './reference.js';

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // BibTeX counts every brace, also one after a backslash.
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Writes a reference as an entry for BibTeX and biblatex, in UTF-8. */
export function bibtexReference(reference: Reference): string {
  const { id, title, record, publisher, url, version, day, accessed, notes } = reference;
  const [year, month] = day?.split('-') ?? [];
  const name = MONTHS[Number(month) - 1];
  const fields: readonly (readonly [name: string, value: string | undefined])[] = [
    // In braces of its own, a title keeps its capitals, and a publisher is not split into names.
    ['author', publisher === undefined ? undefined : `{{${escape(publisher)}}}`],
    ['title', `{{${escape(title)}}}`],
    ['howpublished', `{${escape(record)}}`],
    ['year', year === undefined ? undefined : `{${year}}`],
    ['month', name],
    ['version', `{${escape(version)}}`],
    ['url', `{${url.replaceAll(/[{}\\%]/g, encode)}}`],
    ['urldate', accessed === undefined ? undefined : `{${accessed}}`],
    ['note', `{${notes.map((note) => `${escape(note)}.`).join(' ')}}`],
  ];
  const lines = fields.flatMap(([field, value]) => (value === undefined ? [] : [`  ${field} = ${value},`]));
  return `@misc{${id},\n${lines.join('\n')}\n}\n`;
}

const escape = (text: string): string =>
  oneLine(text).replaceAll(/[\\~^{}#$%&_]/g, (character) => COMMANDS[character] ?? `\\${character}`);

/** Braces and backslashes are never needed in an address; a percent sign stays, escaped as LaTeX wants it. */
const encode = (character: string): string =>
  character === '%' ? '\\%' : `\\%${character.charCodeAt(0).toString(16).toUpperCase()}`;
