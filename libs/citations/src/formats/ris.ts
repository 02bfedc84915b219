import { type Reference, oneLine } from './reference.js';

/** Writes a reference in the format of Research Information Systems: a tag a line, each line ended by CRLF. */
export function risReference({ id, title, record, publisher, url, version, day, accessed, notes }: Reference): string {
  const slashed = (date: string): string => `${date.replaceAll('-', '/')}/`;
  const lines: readonly (readonly [tag: string, value: string | undefined])[] = [
    ['TY', 'DATA'],
    ['ID', id],
    ['AU', publisher],
    ['TI', title],
    ['T2', record],
    ['PB', publisher],
    ['PY', day?.slice(0, 4)],
    ['DA', day && slashed(day)],
    ['ET', version],
    ['UR', url],
    ['Y2', accessed && slashed(accessed)],
    ...notes.map((note) => ['N1', note] as const),
    ['ER', ''],
  ];
  const written = lines.flatMap(([tag, value]) => (value === undefined ? [] : [`${tag}  - ${oneLine(value)}\r\n`]));
  return written.join('');
}
