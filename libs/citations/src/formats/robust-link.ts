import { oneLine } from './reference.js';

/** A link to what is cited, with what a reader needs when the address has changed. */
export interface RobustLink {
  /** The address as of now, which may answer otherwise one day. */
  readonly href: string;
  /** The pinned address. */
  readonly versionUrl: string;
  /** The day of what is cited, `YYYY-MM-DD`. */
  readonly versionDay: string;
  readonly text: string;
}

/** Writes a link in HTML with the attributes of Robust Links (robustlinks.mementoweb.org). */
export const robustLink = ({ href, versionUrl, versionDay, text }: RobustLink): string =>
  `<a href="${escapeHtml(href)}" data-originalurl="${escapeHtml(href)}" data-versionurl="${escapeHtml(versionUrl)}" data-versiondate="${versionDay}">${escapeHtml(oneLine(text))}</a>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Writes text so that HTML shows it, between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
