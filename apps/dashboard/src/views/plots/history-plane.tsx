import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { boxesOfRows, positionsOf } from '../../graphics/plane/boxes-of-rows.js';
import { namePlaneBox } from '../../graphics/plane/draw-plane.js';
import { PLANE_MARGIN } from '../../graphics/plane/frame-plane.js';
import { type PlaneLayout, type PlaneRectangle, adjoiningRectangle } from '../../graphics/plane/lay-out-plane.js';
import { openPlane } from '../../graphics/plane/open-plane.js';
import { nameDay } from '../../graphics/time/wall-words.js';
import { wallAt } from '../../graphics/time/scale.js';
import { type WallClock, openWallClock } from '../../graphics/time/wall-time.js';
import { planeActionFor } from '../../graphics/view/plane-keys.js';
import type { HistoryBox } from '../../http/history-answers.js';
import { readKept } from '../../islands/browser.js';
import { KEYS_SWITCH } from '../../islands/shortcuts.js';
import { PlaneCard, type PlanePoint } from './plane-card.js';
import { PlotButton } from './plot-button.js';
import { Plot } from './plot.js';
import { useWidth } from './use-width.js';

interface HistoryPlaneProps {
  /** The history of one field; its table is beside it. */
  readonly boxes: readonly HistoryBox[];
  readonly zone: string;
  /** The instant at which the plane is cut. */
  readonly about: string;
  readonly linkTo: (event: string) => string;
  /** The comparison of two points. */
  readonly compare: (from: PlanePoint, to: PlanePoint) => string;
  /** The same plane, cut at another day. */
  readonly cutAt: (day: string) => string;
}

const HEIGHT_PX = 320;

const WIDTHS = { first: 900, least: 480, most: 1_200 };

/** What was thought of a field, and when: valid time to the right, known time downwards, at one position of the log. */
export function HistoryPlane(props: HistoryPlaneProps): VNode | null {
  const { boxes, zone, about, linkTo, compare } = props;
  const [isInSteps, setInSteps] = useState(false);
  const positions = useMemo(() => positionsOf(boxes), [boxes]);
  const [step, setStep] = useState<number>();
  const clock = useMemo(() => openWallClock(zone), [zone]);
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root, WIDTHS) - PLANE_MARGIN.left;
  const at = step ?? positions.length - 1;
  const { layout, drawing } = useMemo(
    () => openPlane(boxesOfRows(boxes, positions[at]), { clock, about, isInSteps, width, height: HEIGHT_PX }),
    [boxes, at, clock, about, isInSteps, width],
  );
  const [chosen, setChosen] = useState<PlaneRectangle['box']>();
  const [pressed, setPressed] = useState<number>();
  if (positions.length === 0) return null;
  const focus = layout.rectangles.find(({ box }) => box === chosen);
  const press = (event: MouseEvent): void => {
    const place = placeOn(event, drawing.width);
    setPressed(place && wallOf(layout, place.x));
    setChosen(place && rectangleAt(layout, place)?.box);
  };
  return (
    <figure class="plane">
      <div
        ref={root}
        class="plane-window"
        tabIndex={focus ? -1 : 0}
        role="group"
        aria-label="What was thought, and when: arrow keys move from box to box, Enter opens the event, t leads to the table"
        onClick={press}
        onKeyDown={(event) => pressKey(event, { layout, focus, choose: setChosen })}
      >
        <Plot drawing={drawing} />
        <PlaneFocus focus={focus} clock={clock} size={drawing} linkTo={linkTo} />
      </div>
      <div class="graphic-buttons">
        <PlotButton words="One step for each change" isPressed={isInSteps} onPress={() => setInSteps(!isInSteps)} />
        {at > 0 ? <PlotButton words="The record before" onPress={() => setStep(at - 1)} /> : null}
        {at < positions.length - 1 ? <PlotButton words="The record after" onPress={() => setStep(at + 1)} /> : null}
      </div>
      <figcaption>
        When it was so runs to the right, when it was known runs down. The dashed line is what was known as it happened;
        left of it lies hindsight, right of it lie plans. As recorded from @{positions[at]} on
        {positions.length === 1 ? '' : `, state ${at + 1} of ${positions.length}`}.
        {pressed === undefined ? null : (
          <>
            {' '}
            <a href={props.cutAt(new Date(pressed).toISOString().slice(0, 10))}>
              What we thought about {nameDay(pressed)}
            </a>
          </>
        )}
        {focus ? <PlaneCard {...{ layout, focus, clock, linkTo, compare }} /> : null}
      </figcaption>
    </figure>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where in the plane itself a pointer is; undefined beside it and over what acts by itself. */
function placeOn(event: MouseEvent, width: number): Place | undefined {
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof Element) || (target instanceof Element && target.closest('a'))) return undefined;
  const picture = currentTarget.querySelector('svg')?.getBoundingClientRect();
  if (!picture) return undefined;
  // The picture may be shown smaller than it is drawn.
  const scale = width / picture.width;
  const x = (event.clientX - picture.left) * scale - PLANE_MARGIN.left;
  const y = (event.clientY - picture.top) * scale - PLANE_MARGIN.top;
  return x < 0 || y < 0 ? undefined : { x, y };
}

const wallOf = ({ axes: { valid } }: PlaneLayout, x: number): number =>
  wallAt({ from: valid.from, to: valid.to, width: valid.length }, x);

/** What lies on top at a place: what was thought possible lies over what was thought. */
const rectangleAt = ({ rectangles }: PlaneLayout, { x, y }: Place): PlaneRectangle | undefined =>
  rectangles.findLast(({ left, right, top, bottom }) => left <= x && x < right && top <= y && y < bottom);

interface Choosing {
  readonly layout: PlaneLayout;
  readonly focus: PlaneRectangle | undefined;
  readonly choose: (box: PlaneRectangle['box'] | undefined) => void;
}

function pressKey(event: KeyboardEvent, { layout, focus, choose }: Choosing): void {
  const action = planeActionFor(event, readKept(KEYS_SWITCH) !== 'off');
  if (!action) return;
  event.preventDefault();
  if (action.kind === 'leave') choose(undefined);
  else if (action.kind === 'table') document.querySelector<HTMLElement>('#table-of-values h2')?.focus();
  else if (!focus) choose(layout.rectangles[0]?.box);
  else choose((adjoiningRectangle(layout, focus, action.direction) ?? focus).box);
}

interface PlaneFocusProps {
  readonly focus: PlaneRectangle | undefined;
  readonly clock: WallClock;
  readonly size: { readonly width: number; readonly height: number };
  readonly linkTo: (event: string) => string;
}

/** The box in focus as an element of its own over the picture, which has none. */
function PlaneFocus({ focus, clock, size, linkTo }: PlaneFocusProps): VNode {
  const place = useRef<SVGSVGElement>(null);
  const before = useRef<PlaneRectangle['box'] | undefined>(undefined);
  useEffect(() => {
    const had = before.current;
    before.current = focus?.box;
    if (focus) place.current?.querySelector<SVGElement>('a')?.focus({ preventScroll: true });
    else if (had) place.current?.closest<HTMLElement>('.plane-window')?.focus({ preventScroll: true });
  }, [focus?.box]);
  return (
    <svg ref={place} class="plot lanes-over" width={size.width} height={size.height}>
      {focus ? (
        <a href={linkTo(focus.box.event)} class="lane-focus" aria-label={namePlaneBox(focus.box, clock)}>
          <rect
            x={PLANE_MARGIN.left + focus.left + 1}
            y={PLANE_MARGIN.top + focus.top + 1}
            width={Math.max(focus.right - focus.left - 3, 2)}
            height={Math.max(focus.bottom - focus.top - 3, 2)}
          />
        </a>
      ) : null}
    </svg>
  );
}
