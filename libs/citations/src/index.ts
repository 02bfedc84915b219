/** Citations: answers that were cited, kept by their hash, and the formats of references to them. */
export { type Citation, type CitedAnswer, type CitedPoint, citationIdOf, isCitationId } from './citation.js';
export { bibtexReference } from './formats/bibtex.js';
export { type CslItem, cslReference } from './formats/csl.js';
export { plainReference } from './formats/plain-text.js';
export type { Reference } from './formats/reference.js';
export { risReference } from './formats/ris.js';
export { escapeHtml, robustLink } from './formats/robust-link.js';
export { Citations } from './store/citations.js';
export { migrateCitations } from './store/migrations.js';
