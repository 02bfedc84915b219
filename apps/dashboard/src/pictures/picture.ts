import { createHash } from 'node:crypto';
import { pictureStyle } from '../graphics/paint/palette.js';
import { writeSvgDocument } from '../graphics/paint/svg.js';
import type { Coordinate } from '../http/answers.js';
import type { Frame } from '../pages/page.js';
import { type PicturedPage, drawerOf } from './draw-page.js';
import { addRoom, stackDrawings, writeLine } from './stack-drawings.js';

const STYLE = pictureStyle();

/** A picture runs and fetches nothing; of styles it has only its own. Any page may show it. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors *`;

/** The headers of every picture. */
export const PICTURE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'image/svg+xml; charset=utf-8',
  'content-security-policy': POLICY,
};

/** True where a page has a graphic that can stand alone. */
export const hasPicture = (page: string): boolean => drawerOf(page) !== undefined;

const ROOM_PX = 12;

/** The graphic of a page as the text of an SVG document: with its title, the sentence that says when, and its address. */
export async function writePicture(page: PicturedPage): Promise<string> {
  const { open, frame } = page;
  const drawing = await drawerOf(open.name)?.(page);
  const sentence = open.coordinate === undefined ? '' : sentenceOf(open.coordinate, frame);
  const address = `${frame.origin}${(open.permalink ?? '').replace(/^\/v1/, '')}`;
  const whole = stackDrawings([
    writeLine(open.title, 'text'),
    writeLine(sentence, 'quiet'),
    ...(drawing && drawing.shapes.length > 0 ? [drawing] : [writeLine('There is nothing to draw.', 'text')]),
    writeLine(address, 'quiet'),
  ]);
  return writeSvgDocument(addRoom(whole, ROOM_PX), {
    title: open.title,
    description: `${sentence} ${address}`,
    style: STYLE,
  });
}

/** The sentence of the time bar with its days in full: whoever looks at a picture later has another today. */
function sentenceOf({ knownAt, validAt, recordedAt }: Coordinate, { dates }: Frame): string {
  const about = validAt === knownAt ? 'that day' : dates.moment(validAt);
  return `What was known on ${dates.moment(knownAt)} about ${about}, as recorded at @${recordedAt.position}.`;
}
