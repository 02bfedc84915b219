import { type Reference, oneLine } from './reference.js';

/** Writes a reference as a sentence for a footnote. */
export function plainReference({ title, record, publisher, url, version, day, accessed, notes }: Reference): string {
  const parts = [
    publisher === undefined ? record : `${publisher}: ${record}`,
    `“${title}”`,
    `version ${version}${day === undefined ? '' : ` of ${day}`}`,
    url,
    ...(accessed === undefined ? [] : [`cited ${accessed}`]),
  ];
  return `${[parts.join(', '), ...notes].map(oneLine).join('. ')}.`;
}
