import { type BoxShape, type DiscShape, type Drawing, type Ink, type Shape, type TextShape } from './shapes.js';

/** An element of SVG as plain data: for views to render, or to be written as text. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgElement | string)[];
}

type Attributes = SvgElement['attributes'];

const element = (tag: string, attributes: Attributes, ...children: SvgElement['children']): SvgElement => ({
  tag,
  attributes,
  children,
});

/**
 * A drawing as the picture in a page. Assistive technology does not see it: whoever shows it has the same in a list. The
 * page has {@link patternDefinitions} once.
 */
export const paintSvg = (drawing: Drawing): SvgElement =>
  picture(drawing, { class: 'plot', 'aria-hidden': 'true' }, []);

function picture({ width, height, shapes }: Drawing, more: Attributes, before: readonly SvgElement[]): SvgElement {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return element('svg', { ...more, ...size }, ...before, ...shapes.map(elementOf));
}

/** What a picture says about itself when it stands alone. */
export interface SvgDocumentParts {
  readonly title: string;
  /** What a reader of the page would find around it: the coordinate, the link. */
  readonly description: string;
  /** Rules for the classes of inks, since there is no page to bring them. */
  readonly style: string;
}

/** A drawing as a document of its own: the text of an `.svg` file, well-formed whatever is written in it. */
export function writeSvgDocument(drawing: Drawing, { title, description, style }: SvgDocumentParts): string {
  const head = [
    element('title', {}, title),
    element('desc', {}, description),
    element('style', {}, style),
    patternDefinitions(),
  ];
  const namespace = { xmlns: 'http://www.w3.org/2000/svg', class: 'plot', role: 'img' };
  const ground = element('rect', { class: 'fill-ground', width: drawing.width, height: drawing.height });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeSvg(picture(drawing, namespace, [...head, ground]))}\n`;
}

/** The patterns that are drawn over boxes, under the names by which boxes use them. Once a document. */
export const patternDefinitions = (): SvgElement =>
  element('defs', {}, ...PATTERNS.map(({ id, size, path }) => patternElement(id, { size, path })));

interface PatternParts {
  readonly size: number;
  readonly path: string;
}

const patternElement = (id: string, { size, path }: PatternParts): SvgElement =>
  element(
    'pattern',
    { id: `pattern-${id}`, width: size, height: size, patternUnits: 'userSpaceOnUse' },
    element('path', { class: 'line-ground', d: path }),
  );

/** Lines in the colour of the ground, tile by tile. Canvas draws the same. */
export const PATTERNS = [
  { id: 'lines', size: 5, path: 'M0 2.5H5' },
  { id: 'stripes', size: 5, path: 'M2.5 0V5' },
  { id: 'dots', size: 4, path: 'M1 2H3' },
  { id: 'diagonal', size: 6, path: 'M-1 1L1 -1M0 6L6 0M5 7L7 5' },
  { id: 'cross-hatch', size: 6, path: 'M0 6L6 0M0 0L6 6' },
  { id: 'hatch', size: 4, path: 'M-1 3L1 5M0 0L4 4M3 -1L5 1' },
] as const;

function elementOf(shape: Shape): SvgElement {
  const name = shape.name === undefined ? [] : [element('title', {}, shape.name)];
  if (shape.kind === 'box') return boxElement(shape, name);
  if (shape.kind === 'disc') return element('circle', { ...discAttributes(shape), ...drawnBy(shape) }, ...name);
  if (shape.kind === 'text') return element('text', textAttributes(shape), ...name, shape.text);
  const points = shape.points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
  return element('path', { d: `M${points}`, class: classOf('line', shape.ink), ...dash(shape) }, ...name);
}

function boxElement(shape: BoxShape, name: readonly SvgElement[]): SvgElement {
  const place = { x: round(shape.x), y: round(shape.y), width: round(shape.width), height: round(shape.height) };
  const { pattern = 'solid' } = shape;
  if (pattern === 'solid' || shape.isHollow) return element('rect', { ...place, ...drawnBy(shape) }, ...name);
  if (pattern === 'plain') return element('rect', { ...place, class: classOf('tint', shape.ink) }, ...name);
  return element(
    'g',
    {},
    ...name,
    element('rect', { ...place, class: classOf('fill', shape.ink) }),
    element('rect', { ...place, fill: `url(#pattern-${pattern})` }),
  );
}

const discAttributes = ({ x, y, radius }: DiscShape): Attributes => ({ cx: round(x), cy: round(y), r: round(radius) });

const textAttributes = ({ x, y, align, ink }: TextShape): Attributes => ({
  x: round(x),
  y: round(y),
  class: classOf('words', ink),
  ...(align === 'start' ? {} : { 'text-anchor': align }),
});

const drawnBy = (shape: BoxShape | DiscShape): Attributes =>
  shape.isHollow || shape.isDashed
    ? { class: classOf('ring', shape.ink), ...dash(shape) }
    : { class: classOf('fill', shape.ink) };

const dash = ({ isDashed }: Shape): Attributes => (isDashed ? { 'stroke-dasharray': '3 2' } : {});

const classOf = (use: 'fill' | 'tint' | 'ring' | 'line' | 'words', ink: Ink): string => `${use}-${ink}`;

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

/** An element as text. */
export function writeSvg({ tag, attributes, children }: SvgElement): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeText(String(value))}"`);
  const inner = children.map((child) => (typeof child === 'string' ? escapeText(child) : writeSvg(child))).join('');
  return inner === '' ? `<${tag}${written.join('')}/>` : `<${tag}${written.join('')}>${inner}</${tag}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// What XML cannot contain at all, not even escaped.
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(NOT_IN_XML, '\ufffd')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
