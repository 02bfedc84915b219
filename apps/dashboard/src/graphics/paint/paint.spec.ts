import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LaneEvent, LaneSegment } from '../lanes/lane-input.js';
import { layOutLanes } from '../lanes/lay-out-lanes.js';
import { prepareLanes } from '../lanes/prepare-lanes.js';
import { openWallClock } from '../time/wall-time.js';
import { type CanvasColours, type Pen, paintCanvas } from './canvas.js';
import { drawLanes } from './draw-lanes.js';
import { PALETTE, pictureStyle } from './palette.js';
import type { Drawing, Shape } from './shapes.js';
import { type SvgElement, paintSvg, patternDefinitions, writeSvg, writeSvgDocument } from './svg.js';

const styles = join(import.meta.dirname, '../../styles');

const at = (text: string): number => Date.parse(text);

const event: LaneEvent = {
  key: 'a',
  name: 'Tolls "paused" <at> Dover & Calais',
  earliest: at('2025-03-01'),
  latest: at('2025-03-02') - 1,
  settled: at('2025-03-01'),
  modality: 'actual',
  epistemic: 'confirmed',
};

const segment: LaneSegment = {
  words: 'in operation',
  look: { tone: 'running', pattern: 'solid', letter: 'R' },
  event: 'a',
  from: at('2025-02-01'),
  settled: at('2025-02-01'),
  to: Infinity,
  modality: 'actual',
};

interface Given {
  readonly events?: readonly LaneEvent[];
  readonly segments?: readonly LaneSegment[];
}

function draw({ events = [], segments = [] }: Given, more = { labels: 0, width: 365 }): Drawing {
  const lanes = prepareLanes([{ id: 'toll', label: 'Harbour <toll>', events, segments }], openWallClock('UTC'));
  const layout = layOutLanes(lanes, { from: at('2025-01-01'), to: at('2026-01-01'), width: more.width });
  return drawLanes(layout, { labels: more.labels, today: at('2025-07-01'), names: 'written' });
}

const named = ({ shapes }: Drawing, name: string): readonly Shape[] =>
  shapes.filter((shape) => shape.name?.includes(name));
const texts = ({ shapes }: Drawing): readonly string[] =>
  shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));

describe('a drawing of lanes', () => {
  it('shows a disc for what is confirmed, a ring for what is reported, a square for what is planned', () => {
    const [disc] = named(draw({ events: [event] }), 'Tolls');
    expect(disc).toMatchObject({ kind: 'disc', x: 59, ink: 'text' });
    expect(disc?.isHollow).toBe(false);
    expect(named(draw({ events: [{ ...event, epistemic: 'reported' }] }), 'Tolls')).toMatchObject([{ isHollow: true }]);
    expect(named(draw({ events: [{ ...event, modality: 'conditional' }] }), 'Tolls')).toMatchObject([
      { kind: 'box', isHollow: true, isDashed: true },
    ]);
  });

  it('slashes what is denied', () => {
    const slashes = (epistemic: LaneEvent['epistemic']) =>
      draw({ events: [{ ...event, epistemic }] }).shapes.filter(({ kind, ink }) => kind === 'line' && ink === 'text');
    expect(slashes('denied')).toHaveLength(1);
    expect(slashes('claimed')).toHaveLength(0);
  });

  it('writes the sign of each trait once, also of events that share a mark', () => {
    const events = [
      { ...event, isReversal: true, isCorrected: true },
      { ...event, isReversal: true, isAnomalous: true },
    ];
    expect(texts(draw({ events }))).toContain('⤺✎?');
  });

  it('puts caps where one moment lies within bounds, and none on a bound outside', () => {
    const caps = (latest: string) =>
      draw({ events: [{ ...event, latest: at(latest) }] }).shapes.filter(
        (shape) => shape.kind === 'line' && shape.points.length === 3,
      );
    expect(caps('2025-06-01')).toHaveLength(2);
    expect(caps('2027-06-01')).toHaveLength(1);
    expect(caps('2025-03-02')).toHaveLength(0);
  });

  it('writes the days of ticks where they fit, and cuts none off', () => {
    const wide = texts(draw({}, { labels: 0, width: 1400 }));
    expect(wide).toEqual(expect.arrayContaining(['January 2025', 'February']));
    const axis = draw({}, { labels: 0, width: 1400 }).shapes.filter(
      ({ kind, ink }) => kind === 'text' && ink === 'quiet',
    );
    expect(axis.every((shape) => shape.kind === 'text' && shape.x + shape.text.length * 6 <= 1410)).toBe(true);
    expect(wide).not.toContain('January 2026');
  });

  it('writes what fits into a bar: its words, its letter, or nothing', () => {
    const written = (to: string) => texts(draw({ segments: [{ ...segment, to: at(to) }] }));
    expect(written('2025-12-01')).toContain('in operation');
    expect(written('2025-02-20')).toContain('R');
    expect(written('2025-02-20')).not.toContain('in operation');
    expect(written('2025-02-08')).not.toContain('R');
  });

  it('ends what has no known end with an arrow, and leaves ground between neighbours', () => {
    const arrows = (to: number) =>
      draw({ segments: [{ ...segment, to }] }).shapes.filter(({ kind, ink }) => kind === 'line' && ink === 'running');
    expect(arrows(Infinity)).toHaveLength(1);
    expect(arrows(at('2026-06-01'))).toHaveLength(0);
    expect(named(draw({ segments: [{ ...segment, to: at('2025-03-01') }] }), 'in operation')).toMatchObject([
      { x: 31, width: 27 },
    ]);
  });

  it('hatches what may hold, at half height below what holds', () => {
    const may = draw({ segments: [{ ...segment, settled: at('2025-06-01') }] });
    const [holds, mayHold] = named(may, 'in operation').filter(({ kind }) => kind === 'box');
    expect(holds).toMatchObject({ height: 14, pattern: 'solid' });
    expect(mayHold).toMatchObject({
      height: 7,
      pattern: 'hatch',
      name: 'perhaps in operation from 1 February 2025 to 31 May 2025',
    });
  });

  it('marks today, and writes names only where there is room for them', () => {
    expect(named(draw({}), 'today')).toMatchObject([
      {
        points: [
          [181, 0],
          [181, 40],
        ],
      },
    ]);
    expect(texts(draw({}))).not.toContain('Harbour <toll>');
    const wide = draw({}, { labels: 120, width: 365 });
    expect(texts(wide)).toContain('Harbour <toll>');
    expect(named(wide, 'today')).toMatchObject([
      {
        points: [
          [301, 0],
          [301, 40],
        ],
      },
    ]);
  });
});

describe('SVG', () => {
  it('is hidden from assistive technology in a page, and says what it is as a document', () => {
    const drawing = draw({ events: [event], segments: [segment] });
    expect(paintSvg(drawing).attributes).toMatchObject({ 'aria-hidden': 'true', width: 365, height: 40 });
    const written = writeSvgDocument(drawing, {
      title: 'Tolls & <fees>',
      description: 'Known on 8 July',
      style: pictureStyle(),
    });
    expect(written).toContain('<title>Tolls &amp; &lt;fees&gt;</title><desc>Known on 8 July</desc>');
    expect(written).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(written).not.toContain('aria-hidden');
  });

  it('contains every pattern that boxes use', () => {
    const ids = patternDefinitions().children.map((child) => (typeof child === 'string' ? '' : child.attributes['id']));
    const used = (['lines', 'stripes', 'dots', 'diagonal', 'cross-hatch'] as const).flatMap((pattern) => {
      const { children } = paintSvg(
        draw({ segments: [{ ...segment, settled: at('2025-06-01'), look: { ...segment.look, pattern } }] }),
      );
      return children.map((child) => (typeof child === 'string' ? '' : writeSvg(child)).match(/url\(#([^)]+)\)/)?.[1]);
    });
    const found = new Set(used.filter((id) => id !== undefined));
    expect([...found].sort()).toEqual(ids.sort());
  });

  it('is well-formed whatever is written in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const element: SvgElement = { tag: 'text', attributes: { class: text }, children: [text] };
        const written = writeSvg(element);
        const [, attribute = '', content = ''] = /^<text class="([^"<]*)"(?:>([^<>]*)<\/text>|\/>)$/.exec(written) ?? [
          '',
          '!',
        ];
        expect(attribute).not.toBe('!');
        expect(read(attribute)).toBe(
          text.replace(/[^\t\n\r -\ufffd]/gu, (each) => (each.length > 1 ? each : '\ufffd')),
        );
        expect(read(content)).toBe(read(attribute));
        expect(written.isWellFormed()).toBe(true);
      }),
    );
  });

  const read = (escaped: string): string =>
    escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
});

describe('canvas', () => {
  type Call = readonly [name: string, style: string, ...args: unknown[]];

  /** A context that writes down what is drawn, with the colour in which it was. */
  function recordPen(): { readonly pen: Pen<string>; readonly calls: Call[] } {
    const calls: Call[] = [];
    const state = {
      fillStyle: '',
      strokeStyle: '',
      globalAlpha: 1,
      lineWidth: 1,
      lineJoin: 'round',
      font: '',
      textAlign: 'start',
    };
    const pen = new Proxy(state as unknown as Pen<string>, {
      get: (target, name: keyof Pen<string>) =>
        name in target
          ? Reflect.get(target, name)
          : (...args: unknown[]) =>
              calls.push([name, name.startsWith('fill') ? state.fillStyle : state.strokeStyle, ...args]),
    });
    return { pen, calls };
  }

  const colours: CanvasColours<string> = { colourOf: (ink) => ink, patternOf: (pattern) => `pattern ${pattern}` };

  function paint(drawing: Drawing): readonly Call[] {
    const { pen, calls } = recordPen();
    paintCanvas(pen, drawing, colours);
    expect([pen.globalAlpha, calls[0]?.[0]]).toEqual([1, 'clearRect']);
    return calls;
  }

  it('paints the same shapes, in the colours of their inks', () => {
    const drawing = draw({ events: [event], segments: [segment] });
    const calls = paint(drawing);
    const count = (name: string): number => calls.filter(([each]) => each === name).length;
    const kinds = (kind: Shape['kind']): number => drawing.shapes.filter((shape) => shape.kind === kind).length;
    expect([count('fillText'), count('arc'), count('moveTo')]).toEqual([
      kinds('text'),
      kinds('disc'),
      kinds('line') + kinds('disc'),
    ]);
    expect(calls).toContainEqual(['fillRect', 'running', 31, 23, 326, 14]);
    expect(calls).toContainEqual(['strokeText', 'ground', 'in operation', 35, 34]);
    expect(calls).toContainEqual(['fillText', 'text', 'in operation', 35, 34]);
  });

  it('lays patterns over the colour', () => {
    const look = { tone: 'over', pattern: 'cross-hatch', letter: 'E' } as const;
    const boxes = paint(draw({ segments: [{ ...segment, look }] })).filter(([name]) => name === 'fillRect');
    expect(boxes.map(([, style]) => style)).toEqual(['over', 'pattern cross-hatch']);
  });
});

describe('colours', () => {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const part = parseInt(colour.slice(start, start + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const schemes = ['light', 'dark'] as const;

  it.each(schemes)('can be told from the ground, and read where they are text, in the %s scheme', (scheme) => {
    for (const [ink, colour] of Object.entries(PALETTE).filter(([each]) => each !== 'ground')) {
      const least = ink === 'rule' ? 3 : 4.5;
      expect([ink, contrast(colour[scheme], PALETTE.ground[scheme]) >= least]).toEqual([ink, true]);
    }
  });

  it('are those of the tokens of the page', () => {
    const tokens = readFileSync(join(styles, 'tokens.css'), 'utf8');
    for (const { token, light, dark } of Object.values(PALETTE))
      expect(tokens).toContain(`${token}: light-dark(${light}, ${dark});`);
  });

  it('have a rule for every class that shapes use, in pages and alone', () => {
    const rules = readFileSync(join(styles, 'plots.css'), 'utf8');
    for (const [ink, { token }] of Object.entries(PALETTE)) {
      const classes = ['fill', 'tint', 'ring', 'line', 'words'].map((use) => `.${use}-${ink}`);
      expect(rules.replaceAll(/\s+/g, ' ')).toContain(`.plot :is(${classes.join(', ')}) { --drawn: var(${token}); }`);
      expect(classes.filter((each) => !new RegExp(`\\${each}[,{]`).test(pictureStyle()))).toEqual([]);
    }
    const drawing = draw({
      events: [event, { ...event, isReversal: true, epistemic: 'reported' }],
      segments: [segment],
    });
    const used = [...writeSvg(paintSvg(drawing)).matchAll(/class="([^"]+)"/g)].map(([, name = '']) => name);
    expect(new Set(used).size).toBeGreaterThan(5);
    expect(used.filter((name) => name !== 'plot' && !/^(fill|tint|ring|line|words)-/.test(name))).toEqual([]);
  });
});
