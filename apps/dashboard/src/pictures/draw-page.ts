import { figuresOverTime } from '../graphics/figures/open-figures.js';
import type { Lane } from '../graphics/lanes/lane-input.js';
import { layOutLanes } from '../graphics/lanes/lay-out-lanes.js';
import { partLater } from '../graphics/lanes/part-later.js';
import { prepareLanes } from '../graphics/lanes/prepare-lanes.js';
import { drawLanes, roomForNames } from '../graphics/paint/draw-lanes.js';
import type { Drawing } from '../graphics/paint/shapes.js';
import { boxesOfRows } from '../graphics/plane/boxes-of-rows.js';
import { openPlane } from '../graphics/plane/open-plane.js';
import { openWallClock } from '../graphics/time/wall-time.js';
import { openLaneView } from '../graphics/view/lane-view.js';
import type { Coordinate, List } from '../http/answers.js';
import type { Ask } from '../http/ask.js';
import type { EventsData } from '../http/events/event-questions.js';
import { readLanes } from '../http/events/lane-answers.js';
import type { FigureRow } from '../http/model-answers.js';
import type { BoardData } from '../pages/board.js';
import type { HistoryData } from '../pages/compare/history.js';
import type { Frame, Loaded, OpenPage } from '../pages/page.js';
import type { PolicyData } from '../pages/policy.js';
import { inWords, numberInWords } from '../words/words.js';
import { showEvents } from '../views/lanes/event-lanes.js';
import { extentOfLanes } from '../views/lanes/lane-extent.js';
import { lanesOfStatus } from '../views/lanes/status-lane.js';
import { segmentsOfBoard } from '../views/plots/board-lane.js';
import { stackDrawings, writeLine } from './stack-drawings.js';

/** What a picture is drawn of and for. */
export interface PicturedPage {
  readonly open: OpenPage;
  readonly frame: Frame;
  readonly ask: Ask;
}

type DrawPage = (page: PicturedPage) => Promise<Drawing> | Drawing;

/** The graphics of pages by their names, as pictures; undefined for a page that has none. */
export const drawerOf = (page: string): DrawPage | undefined => new Map(Object.entries(DRAWERS)).get(page);

const DRAWERS: Readonly<Record<string, DrawPage>> = {
  board: drawBoard,
  policy: drawPolicy,
  timeline: drawEvents,
  events: drawEvents,
  history: drawHistory,
  figures: drawFigurePanels,
};

/** What a page was loaded with. Each page writes it, so that its type is known from its name. */
function dataOf<Data>({ text }: OpenPage): Data {
  const loaded: Loaded<Data> = JSON.parse(text);
  return loaded.data;
}

const WIDTH_PX = 900;

function drawLanesOf(lanes: readonly Lane[], { open, frame }: PicturedPage): Drawing {
  if (lanes.length === 0) return stackDrawings([]);
  const clock = openWallClock(frame.about.timeZone);
  const { knownAt = '', validAt = '' }: Partial<Coordinate> = open.coordinate ?? {};
  const today = clock.toWall(Date.parse(validAt));
  const room = roomForNames(
    lanes.map(({ label }) => label),
    WIDTH_PX,
  );
  const { window } = openLaneView(extentOfLanes(lanes, today, clock), WIDTH_PX - room);
  const layout = layOutLanes(partLater(prepareLanes(lanes, clock), Date.parse(knownAt)), window);
  return drawLanes(layout, { labels: room, today, names: 'written', bars: 'below-marks' });
}

function drawBoard(page: PicturedPage): Drawing {
  const { rows } = dataOf<BoardData>(page.open);
  const lanes = rows.map(({ policy, title, statuses }) => ({
    id: policy,
    label: title,
    events: [],
    segments: segmentsOfBoard(statuses),
  }));
  return drawLanesOf(lanes, page);
}

function drawPolicy(page: PicturedPage): Drawing {
  const { policy, history } = dataOf<PolicyData>(page.open);
  return drawLanesOf(lanesOfStatus(policy, history), page);
}

async function drawEvents(page: PicturedPage): Promise<Drawing> {
  const { list, lanes } = dataOf<EventsData>(page.open);
  const { address } = page.frame;
  const [, policy] = /^\/policies\/([^/]+)/.exec(address.path) ?? [];
  const read = lanes
    ? undefined
    : await readLanes(page.ask, address, { policy, filters: [...address.parameters.keys()] });
  const answers = lanes ?? (read?.ok ? read.body : undefined);
  if (!answers) return drawLanesOf([], page);
  const summaries = Object.fromEntries(list.items.map(({ key, summary }) => [key, summary]));
  return drawLanesOf(showEvents(answers, { policy, summaries, knownAt: list.coordinate.knownAt }).lanes, page);
}

function drawHistory({ open, frame }: PicturedPage): Drawing {
  const { list, whole } = dataOf<HistoryData>(open);
  const clock = openWallClock(frame.about.timeZone);
  const about = list.coordinate.validAt;
  const boxes = frame.address.parameters.has('field') ? boxesOfRows(whole) : [];
  return openPlane(boxes, { clock, about, isInSteps: false, width: WIDTH_PX - 120, height: 320 }).drawing;
}

/** All measures, one below the other, each under its name. */
function drawFigurePanels({ open, frame }: PicturedPage): Drawing {
  const { items } = dataOf<List<FigureRow>>(open);
  const names = [...new Set(items.map(({ measure, unit }) => `${inWords(measure)}, in ${inWords(unit)}`))];
  return stackDrawings(
    names.flatMap((name) => {
      const rows = items.filter(({ measure, unit }) => `${inWords(measure)}, in ${inWords(unit)}` === name);
      const drawings = figuresOverTime(rows, frame.about.timeZone, numberInWords);
      return drawings.length === 0 ? [] : [writeLine(name, 'text'), ...drawings];
    }),
  );
}
