import { EMBEDDED_HEIGHT, escapeAttribute } from './embedding.js';

/** What a consumer of oEmbed 1.0 is given for a page: markup that shows it. */
export interface OembedAnswer {
  readonly version: '1.0';
  readonly type: 'rich';
  readonly title: string;
  readonly provider_name: string;
  readonly provider_url: string;
  readonly html: string;
  /** In pixels, as numbers: consumers take nothing else. */
  readonly width: number;
  readonly height: number;
}

/** A request of a consumer of oEmbed, as its query asks it. */
export interface OembedRequest {
  /** The page, as an address below the origin. */
  readonly page: string;
  readonly maxWidth: number;
  readonly maxHeight: number;
}

const WIDTH = 800;

/** Reads a request; answers the status of a refusal where it asks for a page of others (404) or for another format (501). */
export function readOembedRequest(parameters: ReadonlyMap<string, string>, origin: string): OembedRequest | 404 | 501 {
  if ((parameters.get('format') ?? 'json') !== 'json') return 501;
  const url = parameters.get('url') ?? '';
  if (!URL.canParse(url) || new URL(url).host !== new URL(origin).host) return 404;
  const { pathname, search } = new URL(url);
  return {
    page: `${pathname}${search}`,
    maxWidth: limitIn(parameters.get('maxwidth'), WIDTH),
    maxHeight: limitIn(parameters.get('maxheight'), EMBEDDED_HEIGHT),
  };
}

const limitIn = (text: string | undefined, most: number): number =>
  text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Math.min(Number(text), most) : most;

interface Shown {
  readonly title: string;
  readonly origin: string;
  /** The address of the page without what surrounds it. */
  readonly embed: string;
}

/** Answers a request with a frame that shows the page. */
export function oembedAnswer({ maxWidth, maxHeight }: OembedRequest, { title, origin, embed }: Shown): OembedAnswer {
  const [width, height] = [maxWidth, maxHeight];
  const html = `<iframe src="${escapeAttribute(`${origin}${embed}`)}" title="${escapeAttribute(title)}" width="${width}" height="${height}" loading="lazy" frameborder="0"></iframe>`;
  return {
    version: '1.0',
    type: 'rich',
    title,
    provider_name: 'Policy Timeline',
    provider_url: origin,
    html,
    width,
    height,
  };
}

/** The address at which consumers find how to show a page. */
export const oembedAddress = (page: string, origin: string): string =>
  `${origin}/oembed?url=${encodeURIComponent(`${origin}${page}`)}`;
