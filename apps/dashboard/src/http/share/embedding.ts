/** What is said of the three texts that are offered to be copied. */
export const PINNED_LABEL = 'Pinned link: shows the same for ever';
export const NEWEST_LABEL = 'Newest link: moves on with what is known';
export const EMBED_LABEL = 'Embed, pinned';

/** The height of an embedded page, in pixels, where nothing says how high its content is. */
export const EMBEDDED_HEIGHT = 480;

/** The message in which an embedded page tells the page around how high its content is, in pixels. */
export interface HeightMessage {
  readonly policyTimelineHeight: number;
}

interface Embedding {
  readonly address: string;
  readonly title: string;
  /** True to add the script that makes frames as high as their content. */
  readonly isGrowing: boolean;
}

/** Writes the markup by which pages of others show one of ours. */
export function writeEmbedding({ address, title, isGrowing }: Embedding): string {
  const frame = `<iframe src="${escapeAttribute(address)}" title="${escapeAttribute(title)}" width="100%" height="${EMBEDDED_HEIGHT}" loading="lazy"></iframe>`;
  return isGrowing ? `${frame}\n<script>${RESIZER}</script>` : frame;
}

/** Sets the height of the frame that a message comes from. */
const RESIZER =
  "addEventListener('message',e=>{for(const f of document.querySelectorAll('iframe'))if(f.contentWindow===e.source&&e.data?.policyTimelineHeight>0)f.height=e.data.policyTimelineHeight})";

/** Escapes a text for an attribute within double quotes. */
export const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
