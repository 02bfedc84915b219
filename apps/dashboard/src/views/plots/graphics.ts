import { EventLanes } from '../lanes/event-lanes.js';
import { Lanes } from '../lanes/lanes.js';
import { BoardLane, BoardScale } from './board-lane.js';
import { FigurePlot } from './figure-plot.js';
import { HistoryPlane } from './history-plane.js';
import { Legend } from './legend.js';

/** All graphics of the page; together they are the script that comes later. */
export const GRAPHICS = { BoardLane, BoardScale, EventLanes, FigurePlot, HistoryPlane, Lanes, Legend };

/** The type of {@link GRAPHICS}. */
export type Graphics = typeof GRAPHICS;
