import { type VNode, h } from 'preact';
import type { Drawing } from '../../graphics/paint/shapes.js';
import { type SvgElement, paintSvg, patternDefinitions } from '../../graphics/paint/svg.js';

const render = ({ tag, attributes, children }: SvgElement): VNode =>
  h(tag, { ...attributes }, ...children.map((child) => (typeof child === 'string' ? child : render(child))));

/** A drawing as a picture in the page. What it shows stands beside it as a list or table; it is hidden from readers. */
export const Plot = ({ drawing }: { readonly drawing: Drawing }): VNode => render(paintSvg(drawing));

/** The patterns that plots use. Once a page. */
export const PlotPatterns = (): VNode => (
  <svg class="plot plot-patterns" aria-hidden="true" width="0" height="0">
    {render(patternDefinitions())}
  </svg>
);
