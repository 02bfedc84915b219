import type { VNode } from 'preact';
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Lane } from '../../graphics/lanes/lane-input.js';
import { type LanesLayout, layOutLanes } from '../../graphics/lanes/lay-out-lanes.js';
import { partLater } from '../../graphics/lanes/part-later.js';
import { type PreparedLane, prepareLanes } from '../../graphics/lanes/prepare-lanes.js';
import { AXIS_PX, LANE_PX, drawLanes, roomForNames } from '../../graphics/paint/draw-lanes.js';
import { type WallClock, openWallClock } from '../../graphics/time/wall-time.js';
import { type LaneHit, hitAt } from '../../graphics/view/hit-marks.js';
import { laneActionFor } from '../../graphics/view/lane-keys.js';
import { type LaneAction, type LaneView, openLaneView, reduceLaneView } from '../../graphics/view/lane-view.js';
import { readKept } from '../../islands/browser.js';
import { KEYS_SWITCH } from '../../islands/shortcuts.js';
import { type Act, followGestures } from './gestures.js';
import { useWidth } from '../plots/use-width.js';
import { extentOfLanes } from './lane-extent.js';
import { LaneFocus } from './lane-focus.js';
import { PlotButton } from '../plots/plot-button.js';
import { LaneCard } from './lane-card.js';
import { LanePicture } from './lane-picture.js';
import { type LaneTarget, targetsOf } from './lane-targets.js';
import { OverviewStrip } from './overview-strip.js';

/** What lanes show, and where they lead. */
export interface LanesProps {
  readonly label: string;
  readonly lanes: readonly Lane[];
  readonly zone: string;
  /** The instant that is marked as the day asked about. */
  readonly about: string;
  /** The instant or day after which what became public is only outlined; all is known where this is absent. */
  readonly knownAt?: string;
  readonly linkTo: (event: string) => string;
  /** The comparison of what was known at two instants. */
  readonly compare: (from: string, to: string) => string;
}

// What the server draws for; in the browser lanes are as wide as there is room.
const WIDTH_PX = 900;

// Elements are quick to draw and can be printed up to so many.
const MOST_ELEMENTS = 1_500;

/** So many lanes are shown at once. */
const MOST_LANES = 20;

/** Lanes that can be zoomed and moved; their list is beside them, and the line below says what is in focus. */
export function Lanes(props: LanesProps): VNode {
  const { label, lanes, zone, about } = props;
  const clock = useMemo(() => openWallClock(zone), [zone]);
  const today = clock.toWall(Date.parse(about));
  const [first, setFirst] = useState(0);
  const prepared = usePrepared(props, clock, first);
  const extent = useMemo(() => extentOfLanes(lanes, today, clock), [lanes, today, clock]);
  const labels = useMemo(() => lanes.map((lane) => lane.label), [lanes]);
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root, { first: WIDTH_PX, least: 240 });
  const room = lanes.length === 1 ? 0 : roomForNames(labels, width);
  const stops = useMemo(() => lazily(() => prepared.map(targetsOf)), [prepared]);
  const [view, act] = useReducer(
    (current: LaneView, action: LaneAction) =>
      reduceLaneView(current, action, NEED_NO_STOPS.has(action.kind) ? [] : stops()),
    openLaneView(extent, width - room),
  );
  useEffect(() => act({ kind: 'extend', ...extent }), [extent]);
  useEffect(() => act({ kind: 'resize', width: width - room }), [width, room]);
  const layout = layOutLanes(prepared, view.window);
  const painter = useMemo(() => (countOf(prepared) > MOST_ELEMENTS ? 'canvas' : 'svg'), [prepared]);
  const names = painter === 'svg' ? 'written' : 'none';
  const drawing = drawLanes(layout, { labels: room, today, names, bars: 'below-marks' });
  const focus =
    view.focus.key === undefined ? undefined : stops()[view.focus.lane]?.find(({ key }) => key === view.focus.key);
  const hovered = useGestures({ root, layout, room, act });
  return (
    <figure class="lanes">
      <div
        ref={root}
        class="lanes-window"
        tabIndex={focus ? -1 : 0}
        role="group"
        aria-label={`${label}: arrow keys move, plus and minus zoom, Enter opens`}
        onKeyDown={(event) => pressKey(event, { act, open: () => focus && location.assign(props.linkTo(focus.event)) })}
      >
        <LanePicture drawing={drawing} painter={painter} />
        <LaneFocus {...{ view, room, focus, size: drawing, marked: markedIn(view, stops) }} link={props.linkTo} />
      </div>
      <OverviewStrip
        lanes={prepared}
        whole={useMemo(() => openLaneView(extent, width - room).window, [extent, width, room])}
        window={view.window}
        offset={room}
        act={act}
      />
      <Tools act={act} />
      <LanePages
        first={first}
        lanes={lanes.length}
        turn={(next) => {
          act({ kind: 'leave' });
          setFirst(next);
        }}
      />
      <figcaption>
        {focus ? (
          <LaneCard
            target={focus}
            href={props.linkTo(focus.event)}
            comparison={comparisonOf(props, markedIn(view, stops), focus)}
            question={questionFor(props.linkTo(focus.event))}
          />
        ) : (
          (hovered?.words() ?? `${label}. Choose a mark to read what it says.`)
        )}
      </figcaption>
    </figure>
  );
}

const NEED_NO_STOPS: ReadonlySet<LaneAction['kind']> = new Set<LaneAction['kind']>([
  'zoom',
  'pan',
  'resize',
  'show',
  'stretch',
  'extend',
  'fit-all',
]);

function usePrepared({ lanes, knownAt }: LanesProps, clock: WallClock, first: number): readonly PreparedLane[] {
  const shown = useMemo(() => prepareLanes(lanes.slice(first, first + MOST_LANES), clock), [lanes, clock, first]);
  return useMemo(
    () => (knownAt === undefined ? shown : partLater(shown, lastInstantOf(knownAt, clock))),
    [shown, knownAt],
  );
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** An instant, or the last one of a day in the zone of the log. */
const lastInstantOf = (time: string, { toInstant }: WallClock): number =>
  DAY.test(time) ? toInstant(Date.parse(time) + DAY_MS) - 1 : Date.parse(time);

/** Makes something at the first call, and keeps it. */
function lazily<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => (made ??= { value: make() }).value;
}

const countOf = (lanes: readonly PreparedLane[]): number =>
  lanes.reduce(
    (total, { planes, segments }) =>
      total + segments.flat().length + planes.reduce((events, { anchors }) => events + anchors.length, 0),
    0,
  );

interface Gestures {
  readonly root: { readonly current: HTMLDivElement | null };
  readonly layout: LanesLayout;
  readonly room: number;
  readonly act: Act;
}

/** Follows the pointer; answers what it rests on. */
function useGestures(gestures: Gestures): LaneHit | undefined {
  const now = useRef(gestures);
  now.current = gestures;
  const [hovered, setHovered] = useState<LaneHit>();
  useEffect(() => {
    const { current } = gestures.root;
    if (!current) return undefined;
    return followGestures({
      root: current,
      offset: () => now.current.room,
      act: (action) => now.current.act(action),
      press: (place) => {
        const hit = hitIn(now.current, place);
        now.current.act(hit ? { kind: 'focus', ...hit, key: hit.hit.key } : { kind: 'leave' });
      },
      hover: (place) => {
        const hit = place && hitIn(now.current, place)?.hit;
        setHovered((last) => (last?.key === hit?.key ? last : hit));
      },
    });
  }, []);
  return hovered;
}

function hitIn({ layout, room }: Gestures, { x, y }: { readonly x: number; readonly y: number }) {
  const lane = Math.floor((y - AXIS_PX) / LANE_PX);
  const at = layout.lanes[lane];
  const hit = at && hitAt(at, x - room);
  return hit && { lane, hit };
}

type Stops = () => readonly (readonly LaneTarget[])[];

const markedIn = ({ marked }: LaneView, stops: Stops): (LaneTarget & { readonly lane: number }) | undefined =>
  marked === undefined
    ? undefined
    : stops()
        .flatMap((lane, index) => lane.map((stop) => ({ ...stop, lane: index })))
        .find(({ key }) => key === marked);

function comparisonOf({ compare }: LanesProps, from: LaneTarget | undefined, to: LaneTarget): string | undefined {
  const bounds = [from?.knownFrom, to.knownFrom].filter((each) => each !== undefined && Number.isFinite(each));
  const [earlier, later] = bounds.flatMap((each) => each ?? []).sort((one, other) => one - other);
  if (earlier === undefined || later === undefined || earlier === later) return undefined;
  return compare(new Date(earlier).toISOString(), new Date(later).toISOString());
}

/** The data of the page that an address leads to. */
const questionFor = (address: string): string => `/v1${address.replace(/^\/embed(?=\/)/, '')}`;

interface Doing {
  readonly act: Act;
  readonly open: () => void;
}

function pressKey(event: KeyboardEvent, { act, open }: Doing): void {
  const action = laneActionFor(event, readKept(KEYS_SWITCH) !== 'off');
  if (!action) return;
  event.preventDefault();
  if (action.kind === 'open') open();
  else act(action);
}

const ZOOM_STEP = 1.5;
const PAN_PX = 120;

/** What keys and gestures do, for whoever has a pointer alone. */
const Tools = ({ act }: { readonly act: Act }): VNode => (
  <div class="graphic-buttons">
    <PlotButton words="Closer" onPress={() => act({ kind: 'zoom', factor: ZOOM_STEP })} />
    <PlotButton words="Farther" onPress={() => act({ kind: 'zoom', factor: 1 / ZOOM_STEP })} />
    <PlotButton words="Earlier" onPress={() => act({ kind: 'pan', by: -PAN_PX })} />
    <PlotButton words="Later" onPress={() => act({ kind: 'pan', by: PAN_PX })} />
    <PlotButton words="All" onPress={() => act({ kind: 'fit-all' })} />
  </div>
);

interface LanePagesProps {
  readonly first: number;
  readonly turn: (first: number) => void;
  readonly lanes: number;
}

/** The way through more lanes than are shown at once. */
function LanePages({ first, turn, lanes }: LanePagesProps): VNode | null {
  if (lanes <= MOST_LANES) return null;
  const last = Math.min(first + MOST_LANES, lanes);
  return (
    <p class="lane-pages">
      Lanes {first + 1} to {last} of {lanes}
      {first > 0 ? <PlotButton words="Lanes before" onPress={() => turn(first - MOST_LANES)} /> : null}
      {last < lanes ? <PlotButton words="Lanes after" onPress={() => turn(first + MOST_LANES)} /> : null}
    </p>
  );
}
