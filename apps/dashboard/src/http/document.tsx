import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { escapeAttribute } from './share/embedding.js';

/** The files that a page refers to, by the names that the build gave them. */
export interface Assets {
  /** The script that takes over the page in the browser; a module. */
  readonly script: string;
  /** The script that sets the chosen colours before anything is drawn. */
  readonly theme: string;
  readonly style: string;
}

interface DocumentParts {
  readonly title: string;
  readonly content: VNode;
  readonly assets: Assets;
  /** What the script takes over from: names and the texts of the answers. */
  readonly data: readonly { readonly id: string; readonly text: string }[];
  /** Addresses of data that the script asks for as soon as it runs. */
  readonly ahead?: readonly string[];
  readonly isEmbedded: boolean;
  /** The address that says how the page is shown within pages of others. */
  readonly oembed?: string;
}

/** Writes the whole document. Everything that comes from an answer is escaped; data stand in scripts that are not run. */
export function writeDocument({ title, content, assets, data, ahead = [], isEmbedded, oembed }: DocumentParts): string {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(title)}</title>`,
    `<link rel="stylesheet" href="${assets.style}">`,
    '<link rel="icon" href="data:,">',
    ...(isEmbedded ? [] : [`<script src="${assets.theme}"></script>`]),
    ...(oembed === undefined
      ? []
      : [
          `<link rel="alternate" type="application/json+oembed" href="${escapeAttribute(oembed)}" title="${escapeAttribute(title)}">`,
        ]),
    ...ahead.map((each) => `<link rel="preload" as="fetch" crossorigin="anonymous" href="${escapeAttribute(each)}">`),
    `<script type="module" src="${assets.script}"></script>`,
  ];
  const texts = data.map(
    ({ id, text }) => `<script type="application/json" id="${id}">${text.replaceAll('<', '\\u003c')}</script>`,
  );
  const body = `<div id="page">${renderToString(content)}</div>${texts.join('')}`;
  return `<!doctype html><html lang="en"><head>${head.join('')}</head><body>${body}</body></html>`;
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
